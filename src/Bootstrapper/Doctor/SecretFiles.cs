using Bootstrapper.Cluster.Keys;
using Bootstrapper.Host;
using Bootstrapper.Power;

namespace Bootstrapper.Doctor;

/// <summary>
/// Files that are for this program alone, and that an operator may have copied here with the rights of any file; and those that
/// the description names for BMCs, which must be there, too.
/// </summary>
internal static class SecretFiles
{
    public const string Name = "secret files";

    public static IEnumerable<Finding> Check(Patient patient)
    {
        IReadOnlyList<Finding> found =
        [
            .. Directory.EnumerateFiles(patient.Bsroot.Root).Where(file => SecretSyntax.IsOwn(Path.GetFileName(file)))
                .Order(StringComparer.Ordinal)
                .Append(patient.Bsroot.SecureBootKey).Where(File.Exists)
                .Where(NamedFile.IsOpenToOthers)
                .Select(file =>
                    Finding.Warning(Name, $"{file} can be read by other users of this host", $"chmod 600 {file}")),
            .. OfBmcs(patient),
        ];
        return found.Count == 0 ? [Finding.Good(Name, "no other user can read them")] : found;
    }

    /// <summary>What many machines have in common is told once.</summary>
    private static IEnumerable<Finding> OfBmcs(Patient patient)
    {
        var files = new BmcFiles(patient.Bsroot);
        var bmcs = patient.Cluster.Nodes.Select(node => node.Bmc).Where(bmc => bmc?.Protocol is not null).ToList();
        return bmcs.DistinctBy(bmc => bmc!.PasswordFile, StringComparer.Ordinal).Select(bmc => Try(() => files.Password(bmc!)))
            .Concat(bmcs.DistinctBy(bmc => bmc!.Ca, StringComparer.Ordinal).Select(bmc => Try(() => files.Certificates(bmc!))))
            .OfType<Finding>();
    }

    private static Finding? Try(Func<object?> read)
    {
        try
        {
            read();
            return null;
        }
        catch (PowerException e)
        {
            return Finding.Warning(Name, e.Message, "put it right: until then the bootstrapper cannot speak to those BMCs");
        }
    }
}
