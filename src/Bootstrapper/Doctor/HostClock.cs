using System.Runtime.InteropServices;

namespace Bootstrapper.Doctor;

/// <summary>
/// Certificates are valid from a moment to a moment: a clock that is behind makes them not yet valid, on this host and on the
/// machines that take the time from it.
/// </summary>
internal static partial class HostClock
{
    public const string Name = "clock";
    private const string Remedy = "set it (timedatectl set-time), and synchronise it with a time server";

    /// <summary>Nobody keeps the clock right (adjtimex(2)).</summary>
    private const int TimeError = 5;

    /// <summary>More than any kernel's <c>struct timex</c>; all zero, it asks and changes nothing.</summary>
    private const int TimexBytes = 512;

    /// <summary>File systems and clocks round differently.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    public static IEnumerable<Finding> Check(Patient patient)
    {
        var (now, written) = (patient.Time.GetUtcNow(), Newest(patient.Bsroot));
        yield return written > now + Tolerance
            ? Finding.Error(
                Name, $"it is {now:u} here, but {patient.Bsroot.Root} was written at {written:u}: the clock is behind", Remedy)
            : AdjustTime(new byte[TimexBytes]) == TimeError
            ? Finding.Warning(Name, $"it is {now:u} here, and no time server synchronises it", Remedy)
            : Finding.Good(Name, $"{now:u}, synchronised by a time server");
    }

    private static DateTimeOffset Newest(Bsroot bsroot) =>
        new[] { bsroot.Description, bsroot.CaCertificate }.Where(File.Exists)
            .Select(file => new DateTimeOffset(File.GetLastWriteTimeUtc(file))).Max();

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int AdjustTime(byte[] timex);
}
