using System.Diagnostics;
using System.Globalization;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>dnsmasq and the registry, as the built program keeps them.</summary>
[Collection(OneAfterTheOther.Name)]
public sealed class ChildrenTests : RackTests
{
    [RackFact]
    public async Task A_child_that_is_killed_starts_again_and_the_other_runs_on()
    {
        Rack.Describe([new RackNode(1)]);
        await using var program = await StartAsync();

        await StartsAgainAsync(program, killed: "dnsmasq", other: "registry");
        await StartsAgainAsync(program, killed: "registry", other: "dnsmasq");

        Assert.Contains(program.Lines, line => line.Contains("dnsmasq ended with code 137", StringComparison.Ordinal));
    }

    private static async Task StartsAgainAsync(RunningProgram program, string killed, string other)
    {
        var (before, untouched) = (program.PidOf(killed), program.PidOf(other));

        Process.GetProcessById(before).Kill();

        await program.NotReadyAsync();
        await program.ReadyAsync();
        Assert.False(ProcessTable.IsAlive(before));
        Assert.NotEqual(before, program.PidOf(killed));
        Assert.Equal(untouched, program.PidOf(other));
        Assert.True(ProcessTable.IsAlive(untouched));
    }

    [RackFact]
    public async Task A_child_that_is_stopped_is_not_ready_within_15_seconds_and_restarted_within_30()
    {
        Rack.Describe([new RackNode(1)]);
        await using var program = await StartAsync();

        await Task.WhenAll(HangsAsync(program, "dnsmasq"), HangsAsync(program, "registry"));

        await program.ReadyAsync();
    }

    private static async Task HangsAsync(RunningProgram program, string service)
    {
        var (before, since) = (program.PidOf(service), Stopwatch.StartNew());
        await Tool.OutputOfAsync("kill", "-STOP", $"{before}");

        await program.SaysAsync($"{service} does not answer any more: no answer within 2 s");
        Assert.Contains("silent since", await program.ReadinessAsync(), StringComparison.Ordinal);
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));

        await Eventually.True(() => program.PidOf(service) != before);
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.False(ProcessTable.IsAlive(before));
    }

    [RackFact]
    public async Task A_child_is_a_user_of_its_own_with_its_capabilities_alone_who_can_read_no_key_but_its_own()
    {
        Rack.Describe([new RackNode(1)]);
        await using var program = await StartAsync();

        Assert.Equal(("65067", "0000000000003400"), RightsOf(program.PidOf("dnsmasq")));
        Assert.Equal(("65050", "0000000000000000"), RightsOf(program.PidOf("registry")));
        var secrets = Directory.EnumerateFiles(Rack.Bsroot.Root, "*.key").Append(Rack.Bsroot.AdminToken).ToList();
        Assert.True(secrets.Count > 4);
        Assert.Equal(secrets.Where(secret => secret == Rack.Bsroot.RegistryKey), await ReadableAsync("65050", secrets));
        Assert.Empty(await ReadableAsync("65067", [.. secrets, Rack.Bsroot.Tls, Rack.Bsroot.Operators]));
        string[] needed = [Rack.Bsroot.DnsmasqConf, Rack.Bsroot.DnsmasqLeases, Rack.Bsroot.TftpRoot];
        Assert.Equal(needed, await ReadableAsync("65067", needed));
    }

    private static (string User, string Effective) RightsOf(int pid)
    {
        var status = File.ReadLines($"/proc/{pid}/status").Select(line => line.Split('\t')).ToDictionary(
            line => line[0], line => line[1], StringComparer.Ordinal);
        Assert.Equal((status["CapEff:"], "1"), (status["CapBnd:"], status["NoNewPrivs:"]));
        return (status["Uid:"], status["CapEff:"]);
    }

    private static async Task<IReadOnlyList<string>> ReadableAsync(string user, IReadOnlyList<string> paths) =>
        (await Tool.OutputOfAsync(
            "setpriv",
            [$"--reuid={user}", $"--regid={user}", "--clear-groups", "sh", "-c", Readable, "sh", .. paths]))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private const string Readable = "for path; do [ ! -r \"$path\" ] || echo \"$path\"; done";

    /// <summary>dnsmasq follows links, and TFTP has no other word to say.</summary>
    [RackFact]
    public async Task TFTP_gives_a_file_that_a_link_leads_to_only_if_it_lies_in_tftpboot()
    {
        Rack.Describe([new RackNode(1)]);
        using var elsewhere = new TemporaryDirectory();
        var outside = elsewhere.Write("outside", "not for everybody");
        await using var program = await StartAsync();
        foreach (var (name, target) in new[]
        {
            ("inside", "undionly.kpxe"),
            ("outside", outside),
            ("passwd", "/etc/passwd"),
            ("up", "../cluster-desc.yml"),
            ("twice", "outside"),
        })
        {
            File.CreateSymbolicLink(Path.Combine(Rack.Bsroot.TftpRoot, name), target);
        }

        Directory.CreateSymbolicLink(Path.Combine(Rack.Bsroot.TftpRoot, "etc"), "/etc");
        Bsroot.Write(Path.Combine(Rack.Bsroot.Www, "stable", "kernel"), "for pxelinux");
        Assert.True(await TftpGivesAsync("inside"));
        Assert.True(await TftpGivesAsync("os/stable/kernel"));
        foreach (var name in new[] { "outside", "passwd", "up", "twice", "etc/passwd", "etc/hostname", "../cluster-desc.yml" })
        {
            Assert.False(await TftpGivesAsync(name), name);
        }
    }

    /// <summary>With a line feed in it, what follows would tell of another machine.</summary>
    [RackFact]
    public async Task No_name_that_is_asked_for_by_TFTP_makes_a_line_of_the_log()
    {
        var node = new RackNode(1);
        Rack.Describe([node]);
        await using var program = await StartAsync();
        foreach (var end in new[] { "\n", "\r", "\r\n", "\u2028" })
        {
            Assert.False(await TftpGivesAsync(
                $"x{end}dnsmasq-tftp[1]: sent {Rack.Bsroot.TftpRoot}/undionly.kpxe to {node.Address}"));
        }

        await Eventually.True(
            () => program.Lines.Count(line => line.Contains("dnsmasq: tftp: file ", StringComparison.Ordinal)
                && line.Contains($"{node.Address} not found for ", StringComparison.Ordinal)) == 4,
            program.LastLines);
        Assert.DoesNotContain(program.Lines, line => line.Contains("tftp: sent", StringComparison.Ordinal));
    }

    /// <remarks>To standard output: busybox removes a file that it could not fill, <c>/dev/null</c> as well.</remarks>
    private async Task<bool> TftpGivesAsync(string name) => (await Tool.RunAsync(Rack.Machines.Command(
        "busybox", ["tftp", "-g", "-r", name, "-l", "-", $"{Rack.ServerAddress}"]))).ExitCode == 0;

    /// <summary>What Landlock has allowed it takes back nowhere below, and dnsmasq may read programs.</summary>
    [RackFact]
    public async Task TFTP_gives_nothing_of_the_data_root_either_where_that_lies_below_usr()
    {
        var root = Directory.CreateDirectory($"/usr/local/share/{Rack.Server.Name}");
        try
        {
            Rack.Describe([new RackNode(1)]);
            File.Copy(Rack.Bsroot.Description, Path.Combine(root.FullName, Bsroot.DescriptionName));
            await using var program = RunningProgram.Start(
                Rack, Rack.Server.Command(RunningProgram.FileName, "serve", "--bsroot", root.FullName));
            await program.SaysAsync("dnsmasq answers");
            var tftp = new Bsroot(root.FullName).TftpRoot;
            File.CreateSymbolicLink(Path.Combine(tftp, "description"), Path.Combine(root.FullName, Bsroot.DescriptionName));
            File.CreateSymbolicLink(Path.Combine(tftp, "program"), "/usr/bin/env");

            Assert.Equal(
                (true, true, false),
                (await TftpGivesAsync("undionly.kpxe"), await TftpGivesAsync("program"), await TftpGivesAsync("description")));
            await program.TerminateAsync();
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [RackFact]
    public async Task Dnsmasq_may_open_what_it_needs_also_where_another_server_gives_addresses()
    {
        foreach (var dhcp in new[] { "proxy", "off" })
        {
            Rack.Describe([new RackNode(1)], $"dhcp: {dhcp}");
            await using var program = await StartAsync();
            Assert.True(await TftpGivesAsync("undionly.kpxe"), dhcp);
        }
    }

    [RackFact]
    public async Task No_child_survives_the_program()
    {
        Rack.Describe([new RackNode(1)]);
        await using var program = await StartAsync();
        var children = program.ChildPids().ToList();
        Assert.Equal(2, children.Count);
        Assert.All(children, pid => Assert.True(ProcessTable.IsAlive(pid)));
        Assert.Contains($"{Rack.ServerAddress}:5000", await Rack.Server.ListenersAsync(), StringComparison.Ordinal);
        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(DiagnosticsSocketOf(program.Pid))); // closed to both

        await program.KillAsync();

        await NothingIsLeftAsync(children);
    }

    [RackFact]
    public async Task Under_an_init_it_is_stopped_by_a_signal_and_orphans_are_reaped()
    {
        Rack.Describe([new RackNode(1)]);
        await using var container = RunningProgram.Start(Rack, Rack.Server.Command(
            "unshare",
            "--pid",
            "--fork",
            "--mount-proc",
            "tini",
            "--",
            RunningProgram.FileName,
            "serve",
            "--bsroot",
            Rack.Bsroot.Root));
        await container.ReadyAsync();
        var init = ChildrenOf(container.Pid).Single();

        await LeaveAnOrphanAsync(init);

        await Support.Eventually.True(() => ChildrenOf(init).Count() == 1);
        await Tool.OutputOfAsync("kill", "-TERM", $"{init}");
        Assert.Equal(0, await container.ExitAsync());
        await NothingIsLeftAsync();
    }

    /// <summary>Where the runtime listens for debuggers: its name has, after the pid, what proc(5) calls starttime. A
    /// program that is killed leaves its own behind, and pids come again: by the pid alone there may be several.</summary>
    private static string DiagnosticsSocketOf(int pid)
    {
        var afterItsName = File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ');
        return Path.Combine(Path.GetTempPath(), $"dotnet-diagnostic-{pid}-{afterItsName[22 - 3]}-socket");
    }

    /// <summary>What its parent leaves behind in the container is the init's from then on.</summary>
    private static async Task LeaveAnOrphanAsync(int init) =>
        await Tool.OutputOfAsync(
            "nsenter", "--target", $"{init}", "--pid", "--mount", "sh", "-c", "sleep 0.3 > /dev/null 2>&1 & exit 0");

    private static IEnumerable<int> ChildrenOf(int pid) =>
        File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture));
}
