using Bootstrapper.Rendering.Services;

namespace Bootstrapper.Supervision;

/// <summary>dnsmasq as a child: DHCP, DNS and TFTP. See dnsmasq(8), version 2.90.</summary>
internal static class DnsmasqService
{
    /// <summary>Under which it logs, and is listed at <c>/readyz</c>.</summary>
    public const string Name = "dnsmasq";

    public const string Program = "dnsmasq";

    /// <summary>After DHCP's port, in Debian's range that nobody is given.</summary>
    public const int UserId = 65067;

    /// <param name="ready">Whether it answers on the network.</param>
    public static ServiceSpec Spec(Bsroot bsroot, Func<CancellationToken, Task<bool>> ready)
    {
        var obstacle = ChildUser.Obstacle(bsroot.Root);
        return new(Name, Program, Arguments(bsroot))
        {
            Ready = ready,
            RestartOn = ["dnsmasq.conf"],
            ReloadOn = ["dnsmasq/"],
            User = obstacle is null ? new ChildUser(UserId, [bsroot.DnsmasqLeases]) : null,
            NoUserBecause = obstacle,
            Prepare = () => MakePlaces(bsroot),
            Capabilities = ["net_admin", "net_raw", "net_bind_service", .. obstacle is null ? [] : ForeignFiles],
            Files = FileAccess.Of(
                bsroot.Root,
                reads: [bsroot.DnsmasqConf, bsroot.TftpRoot, bsroot.Www], writes: [Path.GetDirectoryName(bsroot.DnsmasqLeases)!]),
            ExplainExit = ExplainExit,
        };
    }

    /// <summary>
    /// What lets root read and write files of others, where an operator copied the data root here under another user's name.
    /// </summary>
    internal static string[] ForeignFiles => ["dac_override"];

    /// <summary>dnsmasq writes to the file in place; the directory is not its own.</summary>
    private static void MakePlaces(Bsroot bsroot)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(bsroot.At(DnsmasqConf.LeasedHostsPath))!);
        if (!File.Exists(bsroot.DnsmasqLeases))
        {
            Bsroot.Write(bsroot.DnsmasqLeases, "");
        }
    }

    /// <remarks>
    /// It changes neither its user nor its group: who it is was settled before it ran, and a change takes the parent-death signal
    /// from it.
    /// </remarks>
    private static IReadOnlyList<string> Arguments(Bsroot bsroot) =>
        ["--keep-in-foreground", "--log-facility=-", "--pid-file=", "--user=", "--group=", $"--conf-file={bsroot.DnsmasqConf}"];

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
