using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Doctor;

/// <summary>Whether this host is the one that the description speaks of.</summary>
internal static class HostAddress
{
    public const string Name = "address";

    public static IEnumerable<Finding> Check(Patient patient)
    {
        var problems = HostRules.Check(patient.Cluster, patient.Interfaces, patient.Routes, Container.IsHere).ToList();
        return problems.Count == 0
            ? [Finding.Good(Name, $"{patient.Cluster.Bootstrapper} is on {patient.Interface!.Name}")]
            : problems.Select(problem => Finding.Error(
                Name,
                problem.Message,
                $"give the interface that address, or correct '{problem.Path}' in {Bsroot.DescriptionName}"));
    }
}
