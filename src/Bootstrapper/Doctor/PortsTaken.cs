using System.Net.Sockets;

namespace Bootstrapper.Doctor;

/// <summary>Whether another program has a port that we need.</summary>
internal static class PortsTaken
{
    public const string Name = "ports";

    public static IEnumerable<Finding> Check(Patient patient)
    {
        if (patient.Interface is null)
        {
            return []; // nothing can be tried at an address that is elsewhere
        }

        var ports = WantedPort.Of(patient.Cluster);
        var ill = ports.SelectMany(port => Try(port, patient)).ToList();
        return ill.Count == 0
            ? [Finding.Good(Name, $"{string.Join(", ", ports.Select(port => port.Number).Distinct())}: free, or ours")]
            : ill;
    }

    private static IEnumerable<Finding> Try(WantedPort port, Patient patient)
    {
        try
        {
            var owner = port.IsTaken(patient.Cluster.Bootstrapper) ? PortOwner.Of(port) : null;
            return owner is null or { IsOurs: true }
                ? []
                : [Finding.Error(Name, $"{port} is taken by {owner}", "stop that program, or have it listen at another address")];
        }
        catch (SocketException e)
        {
            return [Finding.Warning(
                Name, $"cannot try {port}: {e.Message}", "run the doctor with the rights that the bootstrapper has")];
        }
    }
}
