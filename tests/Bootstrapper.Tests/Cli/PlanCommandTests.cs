using System.Net;
using System.Text.Json;
using Bootstrapper.Cli;
using Bootstrapper.InForce;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

/// <summary>What would change, as an operator asks: of two data roots, and of a bootstrapper that runs.</summary>
public sealed class PlanCommandTests : IDisposable
{
    private const string Hash = "$6$saltsalt$hidden";

    private readonly TemporaryDirectory _old = new(), _new = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public PlanCommandTests()
    {
        Describe(_old);
        Describe(_new);
    }

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
    }

    [Fact]
    public async Task Where_nothing_changes_the_exit_code_is_0()
    {
        var (exitCode, output, error) = await PlanAsync();
        Assert.Equal((PlanExit.Nothing, ""), (exitCode, error));
        Assert.Equal("Nothing changes: all 3 nodes are given the same, to the byte.\n", output);
    }

    [Fact]
    public async Task What_changes_is_told_by_what_happens_and_the_exit_code_is_2()
    {
        Describe(_new, "ntp_servers: [127.0.0.9]", ("n2", "install_disk: /dev/vda"), ("n3", "kernel_args: [quiet]"));
        var (exitCode, output, error) = await PlanAsync();
        Assert.Equal((PlanExit.Something, ""), (exitCode, error));
        Assert.Equal(
            """
            reinstall, 3 nodes: their next installation brings it, and nothing before
              config: n1
              config, install.sh: n2
              config, boot: n3
            files that no single node has:
              dnsmasq/dhcp-opts.d/network  in place
            settings that change:
              ntp_servers
            3 of 3 nodes change. Plan DIGEST.

            """,
            WithoutDigest(output));
    }

    [Fact]
    public async Task Nodes_that_are_yet_to_be_installed_take_it_when_they_boot()
    {
        Directory.CreateDirectory(Path.Combine(_old.Path, "inventory"));
        Describe(_new, "", ("n2", "install_disk: /dev/vda"));
        var (_, output, _) = await PlanAsync();
        Assert.Equal(
            """
            at the next boot, 1 node: when they next boot from the network
              install.sh: n2
            1 of 3 nodes change. Plan DIGEST.

            """,
            WithoutDigest(output));
    }

    [Theory]
    [InlineData(PlanExit.Error, "reinstall")]
    [InlineData(PlanExit.Something, "restart")]
    [InlineData(ExitCode.Usage, "reboot")]
    public async Task A_rule_refuses_a_plan(int expected, string never)
    {
        Describe(_new, "", ("n2", "install_disk: /dev/vda"));
        var (exitCode, _, error) = await PlanAsync("--never", never);
        Assert.Equal(expected, exitCode);
        Assert.Equal(expected == PlanExit.Error, error == "error: not allowed by --never reinstall: n2\n");
    }

    [Fact]
    public async Task Lines_are_shown_without_what_is_secret_in_them()
    {
        Write(_old, "templates/cloud-config.template", Template("old"));
        Write(_new, "templates/cloud-config.template", Template("new"));
        Describe(_old, "", ("n1", $"variables: {{password: {Hash}}}"));
        Describe(_new, "", ("n1", $"variables: {{password: {Hash}2}}"));
        var (exitCode, output, _) = await PlanAsync("--diff");
        Assert.Equal(PlanExit.Something, exitCode);
        Assert.DoesNotContain("hidden", output, StringComparison.Ordinal);
        Assert.Contains("\n--- n1/config\n+++ n1/config\n@@ -", output, StringComparison.Ordinal);
        Assert.Matches(@"\n- +password=<secret>\n", output);
        Assert.Matches(@"\n\+ +password=<secret>\n", output);
        Assert.Contains("<secret>\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("QUJD", output, StringComparison.Ordinal);

        static string Template(string word) => $$$"""
            #cloud-config
            write_files:
              - path: /etc/one
                content: |
                  {{{word}}}
                  password={{ Variables?.password }}
                  -----BEGIN PRIVATE KEY-----
                  QUJD{{{word}}}
                  -----END PRIVATE KEY-----

            """;
    }

    [Fact]
    public async Task One_node_is_shown_line_by_line()
    {
        Describe(_new, "", ("n2", "install_disk: /dev/vda"));
        var (exitCode, output, _) = await RunAsync("diff", "n2", _new.Path, "--against", _old.Path, "--bsroot", _old.Path);
        Assert.Equal(PlanExit.Something, exitCode);
        Assert.Contains("-install_disk=''\n+install_disk='/dev/vda'\n", output, StringComparison.Ordinal);
        (exitCode, output, _) = await RunAsync("diff", "n1", _new.Path, "--against", _old.Path, "--bsroot", _old.Path);
        Assert.Equal((PlanExit.Nothing, "Nothing changes for n1.\n"), (exitCode, output));
        Assert.Equal(
            PlanExit.Error,
            (await RunAsync("diff", "n9", _new.Path, "--against", _old.Path, "--bsroot", _old.Path)).ExitCode);
    }

    [Fact]
    public async Task Nodes_that_come_and_go_are_named()
    {
        Describe(_new, nodes: 4);
        Assert.Contains("  added: n4\n", (await PlanAsync()).Output, StringComparison.Ordinal);
        Assert.Contains(
            "  removed: n4\n",
            (await RunAsync("plan", _old.Path, "--against", _new.Path, "--bsroot", _old.Path)).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_all_of_it()
    {
        Describe(_new, "", ("n2", "install_disk: /dev/vda"));
        var (exitCode, output, _) = await PlanAsync("-o", "json", "--diff");
        Assert.Equal(PlanExit.Something, exitCode);
        var group = JsonDocument.Parse(output).RootElement.GetProperty("groups")[0];
        Assert.Equal("reinstall", group.GetProperty("effect").GetString());
        Assert.Equal("n2", group.GetProperty("nodes")[0].GetString());
        Assert.Equal("install.sh", group.GetProperty("diffs")[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task A_mistake_is_told_with_its_place_and_the_exit_code_is_1()
    {
        Describe(_new, "dhcp: perhaps");
        var (exitCode, output, error) = await PlanAsync();
        Assert.Equal((PlanExit.Error, ""), (exitCode, output));
        Assert.StartsWith($"{Path.Combine(_new.Path, "cluster-desc.yml")}:", error, StringComparison.Ordinal);
        Assert.Equal(PlanExit.Error, (await RunAsync("plan", "--against", "/nowhere", "--bsroot", _old.Path)).ExitCode);
    }

    [Fact]
    public async Task Check_says_it_too()
    {
        Describe(_new, "", ("n2", "install_disk: /dev/vda"));
        string[] arguments = ["check", _new.Path, "--against", _old.Path, "--bsroot", _new.Path];
        var (exitCode, output, _) = await RunAsync(arguments);
        Assert.Equal(PlanExit.Something, exitCode);
        Assert.Matches(@"good; nodes: 3, (.|\n)*\n1 of 3 nodes change\. Plan \w+\.\n\z", output);
        Assert.Equal(PlanExit.Error, (await RunAsync("check", "/nowhere", "--against", _old.Path)).ExitCode);
        (_, output, _) = await RunAsync([.. arguments, "-o", "jsonpath={.plan.changed}"]);
        Assert.Equal("1\n", output);
        Assert.Equal(
            PlanExit.Nothing, (await RunAsync("check", _old.Path, "--against", _old.Path, "--bsroot", _old.Path)).ExitCode);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_bootstrapper_that_runs_compares_with_what_is_in_force()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster());
        Describe(_old, $"http_port: {daemon.Port}\nhttps_port: {daemon.HttpsPort}");
        File.Copy(Path.Combine(_old.Path, "cluster-desc.yml"), daemon.Bsroot.Description);
        daemon.Current.Replace(SnapshotLoader.Load(daemon.Bsroot, daemon.Bsroot.Description).Snapshot!);
        var there = await ThereAsync(daemon);
        Assert.Equal(PlanExit.Nothing, (await RunAsync(["plan", .. there])).ExitCode);

        Describe(_new, $"http_port: 8099\nhttps_port: {daemon.HttpsPort}", ("n2", "install_disk: /dev/vda"));
        var (exitCode, output, error) = await RunAsync(["plan", _new.Path, .. there]);
        Assert.Equal((PlanExit.Something, ""), (exitCode, error));
        Assert.Contains(
            $"warning: http_port: changed from {daemon.Port} to 8099: restart the bootstrapper to use it\n",
            output,
            StringComparison.Ordinal);
        Assert.EndsWith(" In force when the bootstrapper is started again.\n", output, StringComparison.Ordinal);
        (exitCode, _, error) = await RunAsync(["plan", _new.Path, "--never", "restart", "--never", "security", .. there]);
        Assert.Equal(PlanExit.Error, exitCode);
        Assert.Matches(@"\Aerror: not allowed by --never restart: .*the bootstrapper\n\z", error);
        Assert.Contains(": n1, n2, n3\n", output, StringComparison.Ordinal); // all are told where the bootstrapper is

        (exitCode, output, _) = await RunAsync(["diff", "n2", _new.Path, .. there]);
        Assert.Equal(PlanExit.Something, exitCode);
        Assert.Contains("+install_disk='/dev/vda'\n", output, StringComparison.Ordinal);
        Assert.Equal(PlanExit.Error, (await RunAsync(["diff", "n9", _new.Path, .. there])).ExitCode);

        _new.Write("cluster-desc.yml", "bootstrapper: here\n");
        (exitCode, output, error) = await RunAsync(["plan", _new.Path, .. there]);
        Assert.Equal((PlanExit.Error, ""), (exitCode, output));
        Assert.StartsWith($"error: {_new.Path}/cluster-desc.yml:1:", error, StringComparison.Ordinal);
        (_, _, error) = await RunAsync(["plan", _new.Write("other.yml", "bootstrapper: here\n"), .. there]);
        Assert.StartsWith($"error: {_new.Path}/other.yml:1:", error, StringComparison.Ordinal);
        (_, _, error) = await RunAsync(["plan", Path.Combine(_new.Path, "none.yml"), .. there]);
        Assert.Equal($"error: {_new.Path}/none.yml: there is no such file\n", error);
        (_, _, error) = await RunAsync(["plan", "/dev/zero", .. there]);
        Assert.Equal("error: /dev/zero is too large: expected 16384 KiB at most\n", error);

        Describe(_new);
        Write(_new, "templates/generic.tmpl", "x");
        foreach (var arguments in new string[][] { ["plan"], ["check", "--against", "running"] })
        {
            (exitCode, _, error) = await RunAsync([.. arguments, _new.Path, .. there]);
            Assert.Equal(PlanExit.Error, exitCode);
            Assert.Contains("templates/generic.tmpl would not count: ", error, StringComparison.Ordinal);
        }
    }

    /// <summary>Else what is on disk would be planned, and applied, in place of a file that was cut off.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("\n \n")]
    [InlineData("\ufeff")]
    public async Task A_description_without_a_word_stands_for_none_on_disk(string text)
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster());
        Describe(_old, $"http_port: {daemon.Port}\nhttps_port: {daemon.HttpsPort}");
        File.Copy(Path.Combine(_old.Path, "cluster-desc.yml"), daemon.Bsroot.Description);
        var (exitCode, output, error) = await RunAsync(["plan", _new.Write("empty.yml", text), .. await ThereAsync(daemon)]);
        Assert.Equal((PlanExit.Error, ""), (exitCode, output));
        Assert.EndsWith("empty.yml is empty: expected a description\n", error, StringComparison.Ordinal);

        using var client = await daemon.OperatorAsync();
        foreach (var (path, status) in new[]
        {
            ("plan", HttpStatusCode.BadRequest), ("plan/apply", HttpStatusCode.BadRequest),
            ("plan?source=there", HttpStatusCode.BadRequest),
            ("plan?source=disk", text.Contains('\n', StringComparison.Ordinal) ? HttpStatusCode.BadRequest : HttpStatusCode.OK),
        })
        {
            using var body = new StringContent(text);
            using var answer = await client.PostAsync(new Uri($"api/v1/{path}", UriKind.Relative), body, Cancellation);
            Assert.Equal((path, status), (path, answer.StatusCode));
        }
    }

    [Theory]
    [InlineData("plan", "")]
    [InlineData("apply", "")]
    [InlineData("check", "")]
    [InlineData("plan", "--against", "")]
    public async Task An_empty_name_of_a_file_is_no_default(params string[] arguments) =>
        Assert.Equal(ExitCode.Usage, (await RunAsync([.. arguments, "--bsroot", _old.Path])).ExitCode);

    /// <summary>Of what no file shows.</summary>
    [Theory]
    [InlineData("secrets: open", "", "settings that change, of security:\n  secrets (guarded -> open)\n")]
    [InlineData("operators_from: [10.0.0.0/8]", "", "settings that change, of security:\n  operators_from\n")]
    [InlineData("registry_push: open", "", "settings that change, of security:\n  registry_push (operators -> open)\n")]
    [InlineData("reload: manual", "", "settings that change:\n  reload (auto -> manual)\n")]
    [InlineData("os: {update: {enabled: y}}", "", "settings that change:\n  os.update.enabled\n")]
    [InlineData("", "wipe: y", "settings that change:\n  nodes.n2.wipe\n")]
    [InlineData("", "bmc: 10.9.0.99", "settings that change, of security:\n  nodes.n2.bmc.address\n")]
    [InlineData("profiles: [{name: spare, wipe: y}]", "", "settings that change:\n  profiles.spare\n")]
    [InlineData("profiles: [{name: spare, bmc: {user: root}}]", "",
        "settings that change, of security:\n  profiles.spare.bmc.user\nsettings that change:\n  profiles.spare\n")]
    public async Task A_setting_that_changes_is_told_and_counts(string head, string line, string told)
    {
        Describe(_new, head, line.Length == 0 ? [] : [("n2", line)]);
        var (exitCode, output, _) = await PlanAsync();
        Assert.Equal(PlanExit.Something, exitCode);
        Assert.Contains(told, output, StringComparison.Ordinal);
        (exitCode, _, var error) = await PlanAsync("--never", "security");
        var isOfSecurity = told.Contains("security", StringComparison.Ordinal);
        Assert.Equal(isOfSecurity ? PlanExit.Error : PlanExit.Something, exitCode);
        Assert.Equal(isOfSecurity, error.StartsWith("error: not allowed by --never security: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_said_and_was_so_by_default_changes_nothing()
    {
        Describe(_new, "secrets: guarded\nreload: auto\ndhcp: server", ("n2", "wipe: n"), ("n3", "labels: {}"));
        Assert.Equal(PlanExit.Nothing, (await PlanAsync()).ExitCode);
    }

    /// <summary>The cluster's password is sent to it, and no file of the node has it.</summary>
    [Theory]
    [InlineData("bmc: 10.9.0.99", "nodes.n4.bmc.address")]
    [InlineData("profile: racked", null)] // which is as it was
    [InlineData("", null)]
    public async Task The_bmc_of_a_node_that_comes_is_of_security(string line, string? setting)
    {
        const string Profile = "profiles: [{name: racked, bmc: {user: root}}]";
        Describe(_old, Profile);
        Describe(_new, 4, Profile, line.Length == 0 ? [] : [("n4", line)]);
        var (_, output, error) = await PlanAsync("--never", "security");
        Assert.Equal(setting is null ? "" : $"error: not allowed by --never security: {setting}\n", error);
        Assert.Contains("added: n4", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_is_that_of_a_host_of_pxe_coreos()
    {
        foreach (var (root, address) in new[] { (_old, "10.0.0.51"), (_new, "10.66.66.66") })
        {
            Directory.CreateDirectory(Path.Combine(root.Path, "templates"));
            root.Write("templates/default.yaml", "#cloud-config\nhostname: n9\n");
            root.Write(
                "pxe_hosts.json",
                "{\"common\": {}, \"hosts\": {\"127.0.0.9\": {\"macaddr\": \"52:54:00:00:00:09\", "
                    + $"\"$hostname\": \"n9\", \"bmc\": \"{address}\"}}}}}}");
        }

        var (_, _, error) = await PlanAsync("--never", "security");
        Assert.Equal("error: not allowed by --never security: nodes.n9.bmc.address\n", error);
    }

    [Fact]
    public async Task A_node_may_be_called_like_a_setting()
    {
        Describe(_old, "", ("n2", "labels: {}"));
        Describe(_new, "", ("n2", "wipe: y"));
        foreach (var root in new[] { _old, _new })
        {
            var file = Path.Combine(root.Path, "cluster-desc.yml");
            var text = await File.ReadAllTextAsync(file, Cancellation);
            await File.WriteAllTextAsync(
                file, text.Replace("hostname: n2", "hostname: networks", StringComparison.Ordinal), Cancellation);
        }

        var (exitCode, output, _) = await PlanAsync("--never", "security");
        Assert.Equal(PlanExit.Something, exitCode);
        Assert.Contains("settings that change:\n  nodes.networks.wipe\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(", kernel_args: [quiet]")] // so that the node is given other files, too
    public async Task A_node_that_gets_another_bmc_by_another_profile_is_told(string more)
    {
        var profiles = $"profiles: [{{name: one, bmc: {{verify: y}}}}, {{name: two, bmc: {{verify: n}}{more}}}]";
        Describe(_old, profiles, ("n2", "profile: one"), ("n2", "bmc: 10.9.0.1"));
        Describe(_new, profiles, ("n2", "profile: two"), ("n2", "bmc: 10.9.0.1"));
        var (_, _, error) = await PlanAsync("--never", "security");
        Assert.Equal("error: not allowed by --never security: nodes.n2.bmc.verify\n", error);
    }

    [Fact]
    public async Task All_that_is_not_allowed_is_told()
    {
        Describe(_new, "registry_push: open", ("n2", "install_disk: /dev/vda"));
        var (_, _, error) = await PlanAsync("--never", "reinstall", "--never", "security");
        Assert.Equal(
            "error: not allowed by --never reinstall: n2; not allowed by --never security: registry_push\n", error);
    }

    private static async Task<string[]> ThereAsync(TestDaemon daemon) =>
    [
        "--server", $"https://127.0.0.1:{daemon.HttpsPort}", "--ca", daemon.Bsroot.CaCertificate, "--token",
        (await File.ReadAllTextAsync(daemon.Bsroot.AdminToken, Cancellation)).Trim(),
    ];

    private Task<(int ExitCode, string Output, string Error)> PlanAsync(params string[] options) =>
        RunAsync(["plan", _new.Path, "--against", _old.Path, "--bsroot", _old.Path, .. options]);

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await CommandLine.RunAsync(arguments, new() { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }

    private static string WithoutDigest(string output) =>
        System.Text.RegularExpressions.Regex.Replace(output, @"Plan [0-9a-f]{16}\.", "Plan DIGEST.");

    private static void Write(TemporaryDirectory root, string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root.Path, path))!);
        root.Write(path, text);
    }

    private static void Describe(TemporaryDirectory root, string head = "", params (string Node, string Line)[] lines) =>
        Describe(root, 3, head, lines);

    private static void Describe(
        TemporaryDirectory root, int nodes, string head = "", params (string Node, string Line)[] lines) => root.Write(
        "cluster-desc.yml",
        $"""
        bootstrapper: 127.0.0.1
        subnet: 127.0.0.0/8
        iplow: 127.0.100.1
        iphigh: 127.0.100.200
        domainname: lab.test
        {head}
        nodes:

        """ + string.Concat(Enumerable.Range(1, nodes).Select(number =>
            $"- mac: '52:54:00:00:00:0{number}'\n  hostname: n{number}\n  ip: 127.0.0.{number + 1}\n"
                + (number == 1 ? "  kube_master: y\n  etcd_member: y\n" : "")
                + string.Concat(lines.Where(line => line.Node == $"n{number}").Select(line => $"  {line.Line}\n")))));
}
