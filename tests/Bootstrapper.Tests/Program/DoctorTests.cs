using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Bootstrapper.Cli;
using Bootstrapper.Doctor;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>What the doctor says of a rack in which one thing is made wrong, by the real program on a real wire.</summary>
public sealed class DoctorTests : RackTests
{
    [RackFact]
    public async Task Of_a_rack_in_order_it_finds_nothing_in_the_way()
    {
        var node = new RackNode(1);
        Rack.Describe([node]);
        await Rack.Machines.IpAsync($"link set eth0 address {node.Mac}");
        await using var program = await StartAsync();
        var (exitCode, findings) = await ExamineAsync();
        // nothing keeps a test machine's clock
        Assert.Equal(["clock"], Ill(findings).Select(finding => finding.Check).Except(["disk space"]));
        Assert.Equal(ExitCode.Success, exitCode);
        // as in a container, where it may not look into the processes of other users
        var (_, ofFewer) = await ExamineAsync(with: ["setpriv", "--bounding-set=-sys_ptrace"]);
        Assert.Equal(Gravity.Good, Assert.Single(ofFewer, finding => finding.Check == "ports").Gravity);
    }

    /// <summary>As in another network namespace than the one that /sys was mounted in.</summary>
    [Theory(
        SkipUnless = nameof(ExternalTools.RackPresent), SkipType = typeof(ExternalTools), Skip = "needs what RackFact needs")]
    [InlineData("/sys", "mtu")]
    [InlineData("/sys/class/net", "mtu")]
    [InlineData("/proc/sys", null)]
    [InlineData("/sys/class", "mtu")]
    public async Task A_host_that_hides_a_part_of_itself_ends_no_serve(string hidden, string? unseen)
    {
        Rack.Describe([new RackNode(1)]);
        await using var program = RunningProgram.Start(Rack, Rack.Server.Command(
            "unshare", "--mount", "sh", "-c", $"mount -t tmpfs none {hidden} && exec \"$@\"", "sh",
            RunningProgram.FileName, "serve", "--bsroot", Rack.Bsroot.Root));
        await program.ReadyAsync();
        await Eventually.True(() => program.Lines.Any(line => line.Contains(" CheckUp: ", StringComparison.Ordinal)));
        await Eventually.True(() => unseen is null
            || program.Lines.Any(line => line.Contains($" {unseen}: cannot be checked: ", StringComparison.Ordinal)));
        Assert.Equal(ExitCode.Success, await program.TerminateAsync());
    }

    [RackFact]
    public async Task Another_DHCP_server_is_found_and_named()
    {
        Rack.Describe([new RackNode(1)]);
        using var rogue = await RogueAsync();
        await IsFoundAsync("other DHCP servers", Gravity.Error, "10.77.65.1 answers on eth0 too");
        rogue.Kill();
    }

    [RackFact]
    public async Task Beside_a_DHCP_server_that_is_not_there_nothing_will_boot()
    {
        Rack.Describe([new RackNode(1)], "dhcp: proxy");
        await IsFoundAsync("other DHCP servers", Gravity.Error, "no server gives addresses on eth0");
    }

    [RackFact]
    public async Task A_port_that_is_taken_is_found_with_who_has_it()
    {
        Rack.Describe([new RackNode(1)]);
        using var thief = Process.Start(Rack.Server.Command("busybox", "httpd", "-f", "-p", $"{Rack.ServerAddress}:80"))!;
        await Eventually.True(async () => (await Rack.Server.ListenersAsync()).Contains(":80 ", StringComparison.Ordinal));
        await IsFoundAsync(
            "ports",
            Gravity.Error,
            string.Create(CultureInfo.InvariantCulture, $"tcp port 80 (HTTP) is taken by busybox, pid {thief.Id}"));
        thief.Kill();
    }

    [RackFact]
    public async Task An_address_that_is_not_this_hosts_is_found()
    {
        Rack.Describe([new RackNode(1)]);
        await Rack.Server.IpAsync($"address del {Rack.ServerAddress}/16 dev eth0");
        await IsFoundAsync("address", Gravity.Error, "no interface of this host has the address 10.77.0.1");
    }

    [RackFact]
    public async Task Our_own_address_and_a_nodes_at_somebody_elses_are_found()
    {
        var node = new RackNode(1);
        Rack.Describe([node]);
        await Rack.MachinesAnswerForAsync($"{Rack.ServerAddress}");
        var findings = await IsFoundAsync(
            "duplicate addresses", Gravity.Error, "has 10.77.0.1 too, the bootstrapper's own address");
        Assert.Contains(
            Ill(findings),
            finding => finding.Text.Contains($"the address of {node.HostName}", StringComparison.Ordinal));
    }

    [RackFact]
    public async Task Of_a_host_with_many_ills_it_finds_each()
    {
        Rack.Describe([new RackNode(1)]);
        File.SetLastWriteTimeUtc(Rack.Bsroot.Description, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(2));
        Directory.Delete(Rack.Bsroot.Www, recursive: true);
        await Rack.Server.IpAsync("link set eth0 mtu 1280");
        await DropWhatIsForTheRegistryAsync();
        Bootstrapper.Bsroot.Write(Rack.Bsroot.CaCertificate, RootWithOneDayLeft());

        var (_, findings) = await ExamineAsync();

        IsAmong(findings, "clock", Gravity.Error, "the clock is behind");
        IsAmong(findings, "releases", Gravity.Error, "fetch os");
        IsAmong(findings, "boot loaders", Gravity.Error, "tftpboot/undionly.kpxe is missing");
        IsAmong(findings, "mtu", Gravity.Warning, "eth0 carries packets of 1280 bytes");
        IsAmong(findings, "certificates", Gravity.Warning, "root of bootstrapper has 0 days left");
        IsAmong(findings, "firewall", Gravity.Warning, "tcp port 5000 (the registry)");
        Assert.Single(findings, finding => finding.Check == "firewall");
    }

    [RackFact]
    public async Task A_disk_that_is_nearly_full_is_found()
    {
        Rack.Describe([new RackNode(1)]);
        using var disk = new TemporaryDirectory();
        await Tool.OutputOfAsync("mount", "-t", "tmpfs", "-o", "size=64m", "none", disk.Path);
        try
        {
            File.Copy(Rack.Bsroot.Description, new Bsroot(disk.Path).Description);
            var (_, findings) = await ExamineAsync(disk.Path);
            Assert.Contains(findings, finding => finding is { Check: "disk space", Gravity: Gravity.Error });
        }
        finally
        {
            await Tool.OutputOfAsync("umount", disk.Path);
        }
    }

    [RackFact]
    public async Task What_is_in_the_way_is_in_the_log_of_a_program_that_starts()
    {
        Rack.Describe([new RackNode(1)]);
        await Rack.Server.IpAsync("link set eth0 mtu 1280");
        await using var program = await StartAsync();
        await program.SaysAsync("CheckUp: mtu: eth0 carries packets of 1280 bytes");
    }

    private async Task<IReadOnlyList<Finding>> IsFoundAsync(string check, Gravity gravity, string text)
    {
        var (exitCode, findings) = await ExamineAsync();
        IsAmong(findings, check, gravity, text);
        Assert.Equal(
            Ill(findings).Any(finding => finding.Gravity == Gravity.Error) ? ExitCode.Unavailable : ExitCode.Success, exitCode);
        return findings;
    }

    private static void IsAmong(IReadOnlyList<Finding> findings, string check, Gravity gravity, string text)
    {
        var found = Assert.Single(
            findings,
            finding => finding.Check == check && finding.Text.Contains(text, StringComparison.Ordinal));
        Assert.Equal(gravity, found.Gravity);
        Assert.NotEmpty(found.Remedy);
    }

    private async Task<(int ExitCode, IReadOnlyList<Finding> Findings)> ExamineAsync(
        string? bsroot = null, params string[] with)
    {
        var command = Rack.Server.Command(
            "env", [.. with, RunningProgram.FileName, "doctor", "-o", "json", "--bsroot", bsroot ?? Rack.Bsroot.Root]);
        command.RedirectStandardOutput = true;
        using var doctor = Process.Start(command)!;
        var said = await doctor.StandardOutput.ReadToEndAsync(Cancellation);
        await doctor.WaitForExitAsync(Cancellation);
        return (doctor.ExitCode, JsonSerializer.Deserialize<List<Finding>>(said, InventoryFiles.Json)!);
    }

    private static string RootWithOneDayLeft()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var root = new CertificateRequest("CN=old", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            now.AddDays(-30), now.AddDays(1));
        return root.ExportCertificatePem();
    }

    private async Task DropWhatIsForTheRegistryAsync()
    {
        using var rules = new TemporaryDirectory();
        var file = rules.Write("rules", """
            table inet filter {
              chain input { type filter hook input priority 0; policy drop;
                ct state established,related accept
                iifname "eth0" udp dport { 53, 67-69 } accept
                ip saddr 10.77.0.0/16 tcp dport { 80, 443, 53 } accept
              }
            }
            """);
        await Rack.Server.OutputOfAsync("nft", "-f", file);
    }

    /// <summary>dnsmasq at the machines' end of the cable, as somebody's forgotten router.</summary>
    private async Task<Process> RogueAsync()
    {
        var rogue = Process.Start(Rack.Machines.Command(
            "dnsmasq",
            "--no-daemon",
            "--conf-file=/dev/null",
            "--port=0",
            "--interface=eth0",
            "--bind-interfaces",
            "--dhcp-range=10.77.200.50,10.77.200.60",
            "--leasefile-ro"))!;
        await Eventually.True(async () => (await Rack.Machines.ListenersAsync()).Contains(":67 ", StringComparison.Ordinal));
        return rogue;
    }

    private static IEnumerable<Finding> Ill(IEnumerable<Finding> findings) =>
        findings.Where(finding => finding.Gravity != Gravity.Good);
}
