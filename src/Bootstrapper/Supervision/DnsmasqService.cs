namespace Bootstrapper.Supervision;

/// <summary>dnsmasq as a child: DHCP, DNS and TFTP. See dnsmasq(8), version 2.90.</summary>
internal static class DnsmasqService
{
    public const string Program = "dnsmasq";

    /// <param name="ready">Whether it answers on the network.</param>
    public static ServiceSpec Spec(Bsroot bsroot, Func<CancellationToken, Task<bool>> ready) =>
        new("dnsmasq", Program, Arguments(bsroot))
        {
            Ready = ready,
            RestartOn = ["dnsmasq.conf"],
            ReloadOn = ["dnsmasq/"],
            Capabilities = ["net_admin", "net_raw", "net_bind_service", .. ForeignFiles],
            ExplainExit = ExplainExit,
        };

    /// <summary>
    /// What lets root read and write files of others, where an operator copied the data root here under another user's name.
    /// </summary>
    internal static IReadOnlyList<string> ForeignFiles => ["dac_override"];

    /// <remarks>
    /// It would take Debian's group «dip», for which it lacks the capability, and which would take the parent-death
    /// signal from it: an empty group stays as it is.
    /// </remarks>
    private static IReadOnlyList<string> Arguments(Bsroot bsroot) =>
        ["--keep-in-foreground", "--log-facility=-", "--user=root", "--group=", $"--conf-file={bsroot.DnsmasqConf}"];

    private static string? ExplainExit(int code) => code switch
    {
        1 => "its configuration is invalid",
        2 => "the network does not match its configuration: an address or port is in use, or an interface is missing",
        3 => "a file or directory is missing or not accessible",
        4 => "out of memory",
        5 => "another error; see the line before",
        _ => null,
    };
}
