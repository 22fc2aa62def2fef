using System.Diagnostics;
using System.Net;
using Bootstrapper.Cli;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>cluster-desc.yml, edited while the program runs.</summary>
[Collection(OneAfterTheOther.Name)]
public sealed class EditingTests(ITestOutputHelper output) : RackTests
{
    private static readonly RackNode First = new(1), Second = new(2), Third = new(3);

    /// <remarks>The faster of two edits says what the program needs; the slower one, who else wanted the processor.</remarks>
    [RackTheory]
    [InlineData("dnsmasq")]
    [InlineData("built-in")]
    public async Task A_good_edit_is_in_force_within_two_seconds_and_no_request_fails(string server)
    {
        var more = $"dhcp_server: {server}";
        Rack.Describe([First], more);
        await using var program = await StartAsync();
        var children = program.ChildPids().ToList();
        await using var load = await RequestLoad.StartAsync(Rack, First);

        var renamed = await InForceAfterAsync(Second, () => Rack.Describe([First, Second], more));
        var overwritten = await InForceAfterAsync(
            Third,
            () => File.WriteAllText(Rack.Bsroot.Description, Rack.Description([First, Second, Third], more)));

        output.WriteLine($"renamed {renamed}, overwritten {overwritten}; {await load.EndAsync()} requests answered meanwhile");
        Assert.True(
            TimeSpan.FromTicks(Math.Min(renamed.Ticks, overwritten.Ticks)) < TimeSpan.FromSeconds(2),
            $"it took {renamed} and {overwritten}");
        Assert.Equal(children, program.ChildPids());
        Assert.All(children, pid => Assert.True(ProcessTable.IsAlive(pid)));
    }

    /// <summary>As where a container is given the one file, by BOOTSTRAPPER_DESCRIPTION.</summary>
    [RackFact]
    public async Task A_description_elsewhere_is_followed_through_a_rename_and_in_place()
    {
        using var elsewhere = new TemporaryDirectory();
        var file = elsewhere.Write("Clusterdesc.yaml", Rack.Description([First]));
        var command = Rack.Server.Command(RunningProgram.FileName, "serve", "--bsroot", Rack.Bsroot.Root);
        command.Environment["BOOTSTRAPPER_DESCRIPTION"] = file;
        await using var program = RunningProgram.Start(Rack, command);
        await program.ReadyAsync();

        await InForceAfterAsync(
            Second,
            () => File.Move(elsewhere.Write("new", Rack.Description([First, Second])), file, overwrite: true));
        await InForceAfterAsync(Third, () => File.WriteAllText(file, Rack.Description([First, Second, Third])));
        Assert.False(File.Exists(Rack.Bsroot.Description));
    }

    /// <summary>A mount of one file holds on to the file, whatever has its name by now.</summary>
    [RackFact]
    public async Task A_mounted_file_that_an_editor_replaced_is_told_of()
    {
        using var host = new TemporaryDirectory();
        var (theirs, ours) = (host.Write("theirs.yml", Rack.Description([First])), host.Write("ours.yml", ""));
        await using var program = RunningProgram.Start(Rack, Rack.Server.Command(
            "unshare", "--mount", "sh", "-c", $"mount --bind {theirs} {ours} && exec \"$@\"", "sh",
            RunningProgram.FileName, "serve", "--bsroot", Rack.Bsroot.Root, "--description", ours));
        await program.ReadyAsync();
        File.Move(host.Write("new", Rack.Description([First, Second])), theirs, overwrite: true);
        await program.SaysAsync($"{ours} was replaced where it is mounted from");
    }

    [RackFact]
    public async Task A_description_that_Kubernetes_swaps_is_in_force_within_two_seconds()
    {
        using var volume = new ConfigMapVolume(Bsroot.DescriptionName, Rack.Description([First]));
        File.CreateSymbolicLink(Rack.Bsroot.Description, volume.File);
        await using var program = await StartAsync();

        var first = await InForceAfterAsync(Second, () => volume.Swap(Rack.Description([First, Second])));
        var second = await InForceAfterAsync(Third, () => volume.Swap(Rack.Description([First, Second, Third])));

        Assert.True(
            TimeSpan.FromTicks(Math.Min(first.Ticks, second.Ticks)) < TimeSpan.FromSeconds(2), $"it took {first} and {second}");
    }

    [RackFact]
    public async Task What_dnsmasq_reads_only_when_it_starts_restarts_dnsmasq_and_nothing_else()
    {
        Rack.Describe([First]);
        await using var program = await StartAsync();
        var (dnsmasq, registry) = (program.PidOf("dnsmasq"), program.PidOf("registry"));

        Rack.Describe([First], $"upstreamnameservers: [{Rack.Stranger}]");

        await Eventually.True(() => program.PidOf("dnsmasq") != dnsmasq);
        await program.ReadyAsync();
        Assert.Equal(registry, program.PidOf("registry"));
        Assert.True(ProcessTable.IsAlive(registry));
    }

    [RackFact]
    public async Task A_bad_edit_changes_nothing_and_is_shown_with_its_place_until_it_is_mended()
    {
        Rack.Describe([First]);
        await using var program = await StartAsync();
        var children = program.ChildPids().ToList();

        Rack.Describe([First, Second], "set_ntp: perhaps");

        await program.NotReadyAsync();
        Assert.Contains("cluster-desc.yml:6:10: error: set_ntp", await program.WholeReadinessAsync(), StringComparison.Ordinal);
        var told = await program.ReadinessAsync();
        Assert.Contains("cluster-desc.yml:6:10: error; the log", told, StringComparison.Ordinal);
        Assert.DoesNotContain("perhaps", told, StringComparison.Ordinal);
        await program.SaysAsync("cluster-desc.yml:6:10: error: set_ntp");
        Assert.Equal(HttpStatusCode.OK, await InstallScriptAsync(First));
        Assert.Equal(HttpStatusCode.NotFound, await InstallScriptAsync(Second));

        Rack.Describe([First, Second]);

        await program.ReadyAsync();
        Assert.Equal(HttpStatusCode.OK, await InstallScriptAsync(Second));
        Assert.Equal(children, program.ChildPids());
    }

    [RackFact]
    public async Task A_broken_template_changes_nothing_for_its_nodes_and_holds_no_other_edit_back()
    {
        const string Template = "cloud-config.template";
        Rack.Describe([First]);
        Bsroot.Write(Rack.Bsroot.At(Template), "#cloud-config\nhostname: {{ yaml Hostname }}\n");
        await using var program = await StartAsync();
        using var node = Rack.From(First.Address);
        var config = await node.GetStringAsync(new Uri($"cloud-config/{First.Mac}", UriKind.Relative), Cancellation);

        Bsroot.Write(Rack.Bsroot.At(Template), "#cloud-config\nhostname: {{ yaml }}\n");
        await Eventually.True(async () =>
            (await program.WholeReadinessAsync()).Contains($"{Template}:2:14: warning: ", StringComparison.Ordinal));
        await program.SaysAsync($"{Template}:2:14: warning: ");
        await program.ReadyAsync();

        Rack.Describe([First, Second]);
        await Eventually.True(async () => await InstallScriptAsync(Second) == HttpStatusCode.OK);
        Assert.Equal(
            config, await node.GetStringAsync(new Uri($"cloud-config/{First.Mac}", UriKind.Relative), Cancellation));

        Bsroot.Write(Rack.Bsroot.At(Template), "#cloud-config\nhostname: {{ yaml \"new\" }}\n");
        await Eventually.True(async () =>
            (await node.GetStringAsync(new Uri($"cloud-config/{First.Mac}", UriKind.Relative), Cancellation))
                .Contains("hostname: \"new\"", StringComparison.Ordinal));
        Assert.DoesNotContain(Template, await program.WholeReadinessAsync(), StringComparison.Ordinal);
    }

    [RackFact]
    public async Task SIGHUP_has_it_read_again_and_ends_nothing()
    {
        Rack.Describe([First]);
        await using var program = await StartAsync();
        var children = program.ChildPids().ToList();

        await Tool.OutputOfAsync("kill", "-HUP", $"{program.Pid}");

        await program.SaysAsync("A new description is in force");
        Assert.Equal(children, program.ChildPids());
        Assert.Equal(ExitCode.Success, await program.TerminateAsync());
    }

    [RackFact]
    public async Task What_the_disk_kept_from_being_in_force_is_tried_again_by_itself()
    {
        Rack.Describe([First]);
        await using var program = await StartAsync();
        var inTheWay = Directory.CreateDirectory(Rack.Bsroot.At("dnsmasq/candidate.conf"));

        Rack.Describe([First, Second]);
        await program.NotReadyAsync();
        Assert.Contains("candidate.conf", await program.WholeReadinessAsync(), StringComparison.Ordinal);
        inTheWay.Delete();

        await program.ReadyAsync();
        Assert.Equal(HttpStatusCode.OK, await InstallScriptAsync(Second));
    }

    [RackFact]
    public async Task What_only_a_restart_can_change_is_refused_and_said()
    {
        Rack.Describe([First]);
        await using var program = await StartAsync();

        Rack.Describe([First], "http_port: 8080");

        await program.NotReadyAsync();
        Assert.Contains("cluster-desc.yml:6:12: error: http_port", await program.WholeReadinessAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await InstallScriptAsync(First));
    }

    /// <summary>Until the node's install script is there; then it is found by its name, and given its address.</summary>
    private async Task<TimeSpan> InForceAfterAsync(RackNode node, Action edit)
    {
        Assert.Equal(HttpStatusCode.NotFound, await InstallScriptAsync(node));
        edit();
        var edited = Stopwatch.StartNew();
        await Eventually.True(async () => await InstallScriptAsync(node) == HttpStatusCode.OK);
        var took = edited.Elapsed;

        await Eventually.True(async () => await ResolvesAsync($"{node.HostName}.{Rack.Domain}", node.Address));
        Assert.Equal(node.Address, await DhcpClient.LeaseAsync(await Rack.PlugInAsync(node.Mac)));
        return took;
    }

    private async Task<bool> ResolvesAsync(string name, IPAddress address)
    {
        var answer = await Tool.RunAsync(Rack.Machines.Command("busybox", "nslookup", name, Rack.ServerAddress.ToString()));
        return answer.ExitCode == 0 && answer.Output.Contains(address.ToString(), StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> InstallScriptAsync(RackNode node)
    {
        using var client = Rack.From(Rack.Stranger);
        using var answer = await client.GetAsync(new Uri($"install.sh?mac={node.Mac}", UriKind.Relative), Cancellation);
        return answer.StatusCode;
    }
}
