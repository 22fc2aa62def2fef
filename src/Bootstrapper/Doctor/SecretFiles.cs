namespace Bootstrapper.Doctor;

/// <summary>
/// Files that are for this program alone, and that an operator may have copied here with the rights of any file.
/// </summary>
internal static class SecretFiles
{
    public const string Name = "secret files";

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private static readonly string[] Patterns = ["*.key", "*.passphrase", "*-next.pem", "admin.token"];

    public static IEnumerable<Finding> Check(Patient patient)
    {
        var open = Patterns.SelectMany(pattern => Directory.EnumerateFiles(patient.Bsroot.Root, pattern))
            .Order(StringComparer.Ordinal)
                .Where(file => (File.GetUnixFileMode(file) & Others) != UnixFileMode.None).ToList();
        return open.Count == 0
            ? [Finding.Good(Name, "no other user can read them")]
            : open.Select(file => Finding.Warning(Name, $"{file} can be read by other users of this host", $"chmod 600 {file}"));
    }
}
