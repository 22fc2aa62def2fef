using System.Net;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;

namespace Bootstrapper.Boot;

/// <param name="File">Below <c>tftpboot/</c>; empty for a transfer that was aborted.</param>
internal sealed partial record TftpTransfer(TftpOutcome Outcome, string File, IPAddress Machine)
{
    /// <summary>Whose boot file it is; <c>null</c> where it is something else.</summary>
    public MacAddress? BootFileOf =>
        BootFile().Match(File) is { Success: true } file ? MacAddress.Parse(file.Groups["mac"].Value, null) : null;

    /// <returns><c>null</c> where the line is about something else.</returns>
    public static TftpTransfer? Parse(string line, string tftpRoot) =>
        Line().Match(line) is { Success: true } match && IPAddress.TryParse(match.Groups["machine"].Value, out var machine)
            ? new TftpTransfer(OutcomeOf(match), Below(tftpRoot, match.Groups["file"].Value), machine)
            : null;

    private static TftpOutcome OutcomeOf(Match match) =>
        match.Groups["aborted"].Success ? TftpOutcome.Aborted
        : match.Groups["failed"].Success ? TftpOutcome.BrokenOff
        : TftpOutcome.Sent;

    private static string Below(string root, string file) =>
        file.StartsWith(root, StringComparison.Ordinal) ? file[root.Length..].TrimStart('/') : file;

    [GeneratedRegex(
        @"^dnsmasq-tftp\[\d+\]: (?:(?:sent|(?<failed>failed sending)) (?<file>.+) to|(?<aborted>error -?\d+) .* received from) "
            + @"(?<machine>\S+)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();

    [GeneratedRegex(
        @"^pxelinux\.cfg/01-(?<mac>([0-9a-f]{2}-){5}[0-9a-f]{2})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BootFile();
}

/// <summary>What became of a transfer, as dnsmasq 2.90 tells it in its log (tftp.c).</summary>
internal enum TftpOutcome
{
    Sent,

    /// <summary>The machine stopped answering: half a minute of silence after a block.</summary>
    BrokenOff,

    /// <summary>
    /// The machine said that it wants no more; UEFI does so when it only wanted to know the size. dnsmasq adds that it sent the
    /// file, or that it failed to.
    /// </summary>
    Aborted,
}
