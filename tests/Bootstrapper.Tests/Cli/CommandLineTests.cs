using System.CommandLine;
using System.Text;
using Bootstrapper.Cli;
using Bootstrapper.Cluster;
using Bootstrapper.Model;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

/// <summary>What an operator types, and reads.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const string Good = """
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        nodes:
          - {mac: "52:54:00:00:00:01", hostname: n1, kube_master: y, etcd_member: y}

        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_good_description_is_called_good()
    {
        _directory.Write("cluster-desc.yml", Good);
        PutRelease();
        PutKubernetes("SHA256SUMS", "kubelet", "kubectl");
        Assert.Equal(
            (0, "good; nodes: 1, control plane: 1, etcd members: 1\n", ""), await RunAsync("check", "--bsroot", _directory.Path));
    }

    [Fact]
    public async Task How_many_images_nodes_are_told_by_digest_is_said_where_any_is_known()
    {
        _directory.Write("cluster-desc.yml", Good);
        _directory.Write(
            "image-digests.json", $$"""{"ghcr.io/flannel-io/flannel:v0.28.4": ["sha256:{{new string('a', 64)}}"]}""");
        PutKubernetes("SHA256SUMS", "kubelet", "kubectl");
        Assert.Equal(
            "good; nodes: 1, control plane: 1, etcd members: 1; images told by digest: 1 of 9\n",
            (await RunAsync("check", "--bsroot", _directory.Path)).Output);
    }

    [Fact]
    public async Task What_machines_would_ask_for_in_vain_is_a_warning()
    {
        var file = _directory.Write("cluster-desc.yml", Good + "kubernetes: {version: 1.35.0}\n");
        PutRelease();
        PutKubernetes("SHA256SUMS", "kubectl");
        var (exitCode, _, error) = await RunAsync("check", "--bsroot", _directory.Path);
        Assert.Equal((ExitCode.Success, $"{file}:7:13: warning: kubernetes: www/static/kubernetes/1.35.0/amd64/kubelet is "
            + "missing: amd64 machines wait for it before they run Kubernetes\n"), (exitCode, error));
    }

    [Fact]
    public async Task Of_a_system_extension_only_the_image_for_each_kind_of_machine_is_asked_for()
    {
        _directory.Write("cluster-desc.yml", Good.Replace(
            "etcd_member: y",
            "etcd_member: y, channel: stable-arm64",
            StringComparison.Ordinal) + "kubernetes: {install: sysext}\n");
        PutRelease("stable-arm64");
        PutKubernetes("../SHA256SUMS");
        Assert.Contains("www/static/kubernetes/1.35.0/kubernetes-1.35.0-arm64.raw is missing", Assert.Single((await RunAsync(
            "check",
            "--bsroot",
            _directory.Path)).Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_is_not_there_is_a_warning()
    {
        var file = _directory.Write("cluster-desc.yml", Good + "coreos_channel: beta\nos: {update: {enabled: y}}\n");
        PutRelease("stable");
        PutKubernetes("SHA256SUMS", "kubelet", "kubectl");
        var (exitCode, _, error) = await RunAsync("check", "--bsroot", _directory.Path);
        Assert.Equal((ExitCode.Success, $"{file}:7:17: warning: coreos_channel: www/beta/current/flatcar_production_pxe.vmlinuz "
            + "is missing: no machine can be installed from beta before 'serve' has downloaded it\n"), (exitCode, error));
    }

    /// <summary>Whatever the operator puts there for machines.</summary>
    [Fact]
    public async Task A_file_that_is_to_be_served_and_is_not_there_is_a_warning_where_it_is_named()
    {
        var file = _directory.Write(
            "cluster-desc.yml",
            Good.Replace("etcd_member: y", "etcd_member: y, profile: p", StringComparison.Ordinal) + """
            profiles: [{name: p, boot: {kernel: live/vmlinuz, initrd: [/assets/i, http://elsewhere.test/j]}}]
            os: {install_method: raw, image: {path: img/node.raw.zst, sha256: DIGEST}, signing_key: unused.asc}

            """.Replace("DIGEST", new string('a', 64), StringComparison.Ordinal));
        PutRelease();
        PutKubernetes("SHA256SUMS", "kubelet", "kubectl");
        foreach (var folder in new[] { "groups", "profiles", "assets" })
        {
            Directory.CreateDirectory(Path.Combine(_directory.Path, "matchbox", folder));
        }

        _directory.Write(
            "matchbox/profiles/m.json", """{"boot": {"kernel": "/assets/k", "initrd": ["http://10.10.10.1/assets/m"]}}""");
        _directory.Write("matchbox/groups/g.json", """{"profile": "m"}""");
        _directory.Write("matchbox/groups/h.json", """{"profile": "m", "selector": {"os": "installed"}}""");
        string[] expected =
        [
            $"{file}:7:37: warning: profiles[0].boot.kernel: www/live/vmlinuz is missing, which machines boot",
            $"{file}:7:60: warning: profiles[0].boot.initrd[0]: matchbox/assets/i is missing, which machines boot",
            $"{file}:8:34: warning: os.image: www/img/node.raw.zst is missing: no machine can be installed before it is there",
            "matchbox/profiles/m.json: warning: matchbox/assets/k is missing, which the profile boots",
            "matchbox/profiles/m.json: warning: matchbox/assets/m is missing, which the profile boots",
        ];
        Assert.Equal(expected, (await RunAsync("check", "--bsroot", _directory.Path)).Error.TrimEnd().Split('\n').Order());

        _directory.Write("matchbox/assets/k", "");
        foreach (var name in new[] { "live/vmlinuz", "assets/i", "assets/m", "img/node.raw.zst" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_directory.Path, "www", name))!);
            _directory.Write($"www/{name}", "");
        }

        Assert.Equal("", (await RunAsync("check", "--bsroot", _directory.Path)).Error);
    }

    [Fact]
    public async Task So_is_the_key_that_the_installer_checks_images_with()
    {
        var file = _directory.Write("cluster-desc.yml", Good + "os: {signing_key: ours.asc}\n");
        PutRelease();
        PutKubernetes("SHA256SUMS", "kubelet", "kubectl");
        Assert.Equal(
            $"{file}:7:19: warning: os.signing_key: signing-keys/ours.asc is missing: no machine can be installed before it is "
                + "there\n",
            (await RunAsync("check", "--bsroot", _directory.Path)).Error);
    }

    [Theory]
    [InlineData("template: nope.yml", "template", "nope.yml", 88)]
    [InlineData("generic: nope.txt", "generic", "nope.txt", 87)]
    [InlineData("template: nope.ign", "template", "nope.ign", 88)]
    public async Task A_template_that_is_nowhere_is_missed_where_it_is_named(string said, string key, string name, int column)
    {
        var file = _directory.Write(
            "cluster-desc.yml", Good.Replace("etcd_member: y", $"etcd_member: y, {said}", StringComparison.Ordinal));
        var (exitCode, _, error) = await RunAsync("check", "--bsroot", _directory.Path);
        Assert.Equal((ExitCode.InvalidInput, $"{file}:6:{column}: error: nodes[0].{key}: there is no such template: "
            + $"put it at templates/{name} or name another\n"), (exitCode, error));
    }

    /// <summary>A directory of somebody who has no /bsroot: a laptop, a repository in CI.</summary>
    [Theory]
    [InlineData("matchbox/groups/x.json", "{}", "matchbox/groups/x.json:1:1: error: profile is required")]
    [InlineData("matchbox/ignition/x.yaml", "", null)]
    [InlineData("cloud-config.template", "#cloud-config\nhostnam: x\n", "cloud-config.template:2:1: error: n1: ")]
    [InlineData("templates/cloud-config.template", "hostname: x\n", "cloud-config.template:1:1: error: n1: ")]
    [InlineData("pxe_hosts.json", "[]", "pxe_hosts.json:1:1: error: the file must be a mapping")]
    [InlineData("enrolled.json", "{", "enrolled.json:1:2: error: ")]
    public async Task What_lies_beside_the_description_is_looked_at_where_there_is_no_data_root(
        string name, string content, string? problem)
    {
        var file = _directory.Write("cluster-desc.yml", Good);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_directory.Path, name))!);
        _directory.Write(name, content);
        var (exitCode, output, error) = await RunAsync("check", file);
        Assert.Equal(problem is null ? ExitCode.Success : ExitCode.InvalidInput, exitCode);
        Assert.Contains(problem ?? "", error, StringComparison.Ordinal);
        Assert.DoesNotContain("are those of", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cluster-desc.yml", "/cluster-desc.yml:7:7: error: is not UTF-8: the byte 0xfc belongs to no character")]
    [InlineData("pxe_hosts.json", "pxe_hosts.json:7:7: error: is not UTF-8")]
    [InlineData("enrolled.json", "enrolled.json:7:7: error: is not UTF-8")]
    [InlineData("templates/cloud-config.template", "cloud-config.template:7:7: error: n1: is not UTF-8")]
    [InlineData("matchbox/groups/x.json", "matchbox/groups/x.json:7:7: error: is not UTF-8")]
    [InlineData("matchbox/cloud/default", "matchbox/cloud/default:7:7: error: is not UTF-8")]
    public async Task Text_in_another_encoding_is_refused_at_the_byte_wherever_it_is(string name, string problem)
    {
        var file = _directory.Write("cluster-desc.yml", Good);
        var path = Path.Combine(_directory.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] latin1 = [.. Encoding.UTF8.GetBytes(Good), .. "# in M"u8, 0xfc, .. "nchen\n"u8];
        await File.WriteAllBytesAsync(path, latin1, TestContext.Current.CancellationToken);
        var (exitCode, _, error) = await RunAsync("check", file);
        Assert.Equal(ExitCode.InvalidInput, exitCode);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cluster-desc.yml")]
    [InlineData("pxe_hosts.json")]
    [InlineData("enrolled.json")]
    public async Task A_directory_in_the_place_of_a_file_is_called_so(string name)
    {
        var file = Path.Combine(_directory.Path, "cluster-desc.yml");
        await File.WriteAllTextAsync(file, Good, TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(_directory.Path, name));
        Directory.CreateDirectory(Path.Combine(_directory.Path, name));
        var (exitCode, _, error) = await RunAsync("check", "--bsroot", _directory.Path);
        Assert.Contains(exitCode, new[] { ExitCode.InvalidInput, ExitCode.InputOutput });
        Assert.Contains("is a directory: expected a file", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--bsroot", "check", "--bsroot", "")]
    [InlineData("--bsroot", "serve", "--bsroot", "")]
    [InlineData("--description", "serve", "--description", " ")]
    [InlineData("FILE", "check", "")]
    [InlineData("FILE", "bundle", "verify", "")]
    [InlineData("--out", "kubeconfig", "--out", "")]
    [InlineData("--ca", "node", "list", "--ca", "")]
    [InlineData("NODE", "node", "show", "")]
    public async Task A_variable_of_the_shell_that_is_not_set_is_told(string name, params string[] arguments)
    {
        var (exitCode, _, error) = await RunAsync(arguments);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.StartsWith($"error: {name} is empty: give it a value", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("gr\u00fc\u00df")]
    public async Task What_cannot_be_a_token_is_not_sent(string token)
    {
        var (exitCode, _, error) = await RunAsync("node", "list", "--server", "https://127.0.0.1:1", "--token", token);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("what is given as the token is none", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_file_that_is_none_is_told_with_its_place()
    {
        var file = _directory.Write("config.yml", "# mine\nserver: [a]\n");
        var (exitCode, _, error) = await RunAsync("node", "list", "--config", file);
        Assert.Equal(ExitCode.InvalidInput, exitCode);
        Assert.Contains($"{file}:2:9: expected 'server: https://…'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_stands_for_the_description_in_it()
    {
        var file = _directory.Write("cluster-desc.yml", Good + "lase: 1h\n");
        var (exitCode, output, error) = await RunAsync("check", _directory.Path);
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains($"{file}:7:1: warning: lase: is not a known key", error, StringComparison.Ordinal);
        Assert.DoesNotContain("are those of", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_root_that_is_named_is_looked_at_and_told()
    {
        Directory.CreateDirectory(Path.Combine(_directory.Path, "root"));
        var file = _directory.Write("cluster-desc.yml", Good);
        _directory.Write("cloud-config.template", "hostname: x\n");
        var (exitCode, output, _) = await RunAsync("check", file, "--bsroot", Path.Combine(_directory.Path, "root"));
        Assert.Equal((ExitCode.Success, $"templates, matchbox and www are those of {_directory.Path}/root; --bsroot names "
            + "another data root\ngood; nodes: 1, control plane: 1, etcd members: 1\n"), (exitCode, output));
    }

    [Fact]
    public async Task Every_problem_is_a_line_that_names_its_place()
    {
        var file = _directory.Write(
            "other.yml", Good.Replace("iphigh: 10.10.10.199", "iphigh: 10.10.10.9", StringComparison.Ordinal) + "lase: 1h\n");
        var (exitCode, output, error) = await RunAsync("check", file);
        Assert.Equal((ExitCode.InvalidInput, ""), (exitCode, output));
        Assert.Equal(2, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains($"{file}:4:9: error: iphigh: ", error, StringComparison.Ordinal);
        Assert.Contains($"{file}:7:1: warning: lase: is not a known key", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told_with_what_to_do()
    {
        var (exitCode, _, error) = await RunAsync("check", "--bsroot", _directory.Path);
        Assert.Equal(ExitCode.MissingInput, exitCode);
        Assert.Contains("--bsroot", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_template_is_found_before_anything_runs()
    {
        _directory.Write("cluster-desc.yml", Good);
        _directory.Write("cloud-config.template", "#cloud-config\nhostname: {{ HostNam }}\n");
        var (exitCode, _, error) = await RunAsync("check", "--bsroot", _directory.Path);
        Assert.Equal(
            (ExitCode.InvalidInput, "cloud-config.template:2:14: error: n1: there is no value named HostNam\n"),
            (exitCode, error));
    }

    [Fact]
    public async Task What_a_node_will_get_can_be_seen_and_holds_no_real_key()
    {
        _directory.Write("cluster-desc.yml", Good);
        var (exitCode, output, _) = await RunAsync("render", "--bsroot", _directory.Path, "--node", "52-54-00-00-00-01");
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains("==> install.sh <==", output, StringComparison.Ordinal);
        Assert.Contains("hostname: \"n1\"", output, StringComparison.Ordinal);
        Assert.Equal(["cluster-desc.yml"], Directory.EnumerateFileSystemEntries(_directory.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Rendered_files_can_be_written_elsewhere()
    {
        _directory.Write("cluster-desc.yml", Good);
        var to = Path.Combine(_directory.Path, "out");
        Assert.Equal(ExitCode.Success, (await RunAsync("render", "--bsroot", _directory.Path, "--out", to)).ExitCode);
        Assert.True(File.Exists(Path.Combine(to, "dnsmasq.conf")));
        Assert.True(File.Exists(Path.Combine(to, "tftpboot/pxelinux.cfg/default")));
    }

    [Fact]
    public async Task A_node_that_nobody_knows_is_told_which_there_are()
    {
        _directory.Write("cluster-desc.yml", Good);
        var (exitCode, _, error) = await RunAsync("render", "--bsroot", _directory.Path, "--node", "52:54:00:00:00:02");
        Assert.Equal(ExitCode.MissingInput, exitCode);
        Assert.Contains("52:54:00:00:00:02; the description has n1", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("n1")]
    [InlineData("N1")]
    [InlineData("52:54:00:00:00:01")]
    [InlineData("5254.0000.0001")]
    [InlineData("LAB-1")]
    [InlineData("00000000-0000-4000-8000-000000000001")]
    public async Task A_node_is_named_as_in_every_other_command(string name)
    {
        _directory.Write("cluster-desc.yml", Good.Replace(
            "hostname: n1", "hostname: n1, serial: LAB-1, uuid: 00000000-0000-4000-8000-000000000001", StringComparison.Ordinal));
        var (exitCode, output, _) = await RunAsync("render", "--bsroot", _directory.Path, "--node", name);
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains("for n1 (52:54:00:00:00:01)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_option_says_which_variable_stands_for_it()
    {
        var (exitCode, output, _) = await RunAsync("--help");
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.All(
            ["BOOTSTRAPPER_BSROOT", "BOOTSTRAPPER_LOG_FORMAT", "BOOTSTRAPPER_LOG_LEVEL"],
            name => Assert.Contains(name, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("node list --sort ip", "node list --sort ip --state=failed")]
    [InlineData("node list --state running", "node list --state running --sort=-since")]
    [InlineData("node state n1 --state running", "node state n1 --state running")]
    [InlineData("bundle load x.tar", "bundle load x.tar --force=true")]
    [InlineData("bundle verify -- x.tar", "bundle verify --against=a.tar --against=b.tar -- x.tar")]
    [InlineData("[suggest:9] bundle load", "[suggest:9] bundle load")]
    [InlineData("status", "status")]
    public void An_option_of_one_command_is_given_by_a_variable_with_the_command_in_its_name(string typed, string meant)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["BOOTSTRAPPER_NODE_LIST_STATE"] = "failed",
            ["BOOTSTRAPPER_BUNDLE_LOAD_FORCE"] = "true",
            ["BOOTSTRAPPER_BUNDLE_VERIFY_AGAINST"] = "a.tar b.tar",
            ["BOOTSTRAPPER_STATUS_URL"] = "not how a common one is called",
        };
        if (typed.Contains("running", StringComparison.Ordinal))
        {
            environment["BOOTSTRAPPER_NODE_LIST_SORT"] = "-since";
        }

        var completed = EnvironmentOptions.Complete(
            typed.Split(' '), CommandLine.Create().Parse(typed.Split(' ')), environment.GetValueOrDefault);
        Assert.Equal(meant, string.Join(' ', completed));
        Assert.Empty(CommandLine.Create().Parse([.. completed]).Errors);
    }

    [Fact]
    public async Task Problems_are_read_by_programs_too()
    {
        var file = _directory.Write("cluster-desc.yml", Good + "lase: 1h\n");
        var (exitCode, output, error) = await RunAsync(
            "check", file, "-o", "jsonpath={.good} {.nodes}{range .problems[*]}{\"\\n\"}{.line} {.path}{end}");
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        Assert.StartsWith("true 1\n7 lase\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("--version")]
    public async Task The_version_is_told(string asked) =>
        Assert.StartsWith("bootstrapper 0.", (await RunAsync(asked)).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("chekc", "'bootstrapper' has no command 'chekc'; did you mean check?", "")]
    [InlineData("node", "'bootstrapper node' needs a command: list, show, set, ", " node")]
    [InlineData("-o json status", "-o must stand after 'bootstrapper status'", " status")]
    [InlineData("node log", "'bootstrapper node log' needs NODE", " node log")]
    [InlineData("node list --sort", "--sort needs a value", " node list")]
    [InlineData("node lits", "'bootstrapper node' has no command 'lits'; did you mean list?", " node")]
    [InlineData("check --bsrot /tmp", "'bootstrapper check' has no option --bsrot; did you mean --bsroot?", " check")]
    [InlineData("check a b", "'bootstrapper check' takes no argument 'b'", " check")]
    [InlineData("serve --log-format xml", "invalid --log-format: expected text, json, got 'xml'", " serve")]
    [InlineData("serve -address=0.0.0.0:8080", "-address=0.0.0.0:8080 was bootcfg's: here 'bootstrapper' and ", " serve")]
    [InlineData("--data-path /data", "--data-path was bootcfg's: here the directory 'matchbox/' in the data root takes ", "")]
    [InlineData("events --after x", "invalid --after: expected a whole number, got 'x'", " events")]
    [InlineData("node state n1 --state x", "invalid --state: expected installed or running, got 'x'", " node state")]
    [InlineData("node state n1", "'bootstrapper node state' needs --state", " node state")]
    [InlineData("node accept-card n1 x", "invalid CARD: expected a MAC address such as ", " node accept-card")]
    [InlineData("node why n1 -o wide", "invalid -o: expected text, json, yaml or jsonpath=…, got 'wide'", " node why")]
    [InlineData("node list -o custom-columns=N", "invalid -o: expected columns such as NAME:.hostName, got 'N'", " node list")]
    [InlineData("node list -o jsonpath={range", "invalid -o: '{range' is not a template: ", " node list")]
    [InlineData("kubeconfig --days 0", "invalid --days: expected 1 to 3650, got '0'", " kubeconfig")]
    [InlineData("kubeconfig --days x", "invalid --days: expected a whole number, got 'x'", " kubeconfig")]
    [InlineData("rehearse --machines 0", "invalid --machines: expected 1 or more, got '0'", " rehearse")]
    [InlineData("rehearse --line 0", "invalid --line: expected a number above 0 and up to 10000, got '0'", " rehearse")]
    [InlineData("rehearse --line NaN", "invalid --line: expected a number above 0 and up to 10000, got 'NaN'", " rehearse")]
    [InlineData("rehearse --line fast", "invalid --line: expected a number, got 'fast'", " rehearse")]
    [InlineData("rehearse --waiting -1", "invalid --waiting: expected a number above 0 and up to 10000, got '-1'", " rehearse")]
    public async Task A_command_that_is_misused_does_nothing_and_is_told_in_two_lines_what_is_wrong(
        string typed, string reason, string command)
    {
        var (exitCode, output, error) = await RunAsync(typed.Split(' '));
        Assert.Equal((ExitCode.Usage, ""), (exitCode, output));
        var lines = error.Split('\n');
        Assert.StartsWith($"error: {reason}", lines[0], StringComparison.Ordinal);
        Assert.Equal([$"see: bootstrapper{command} --help", ""], lines[1..]);
    }

    [Fact]
    public void Of_each_variable_of_bootcfg_it_is_said_what_takes_its_place() => Assert.Equal(
        [
            "BOOTCFG_DATA_PATH has no effect: the directory 'matchbox/' in the data root takes its place",
            "BOOTCFG_OTHER has no effect: see docs/matchbox.md",
        ],
        Bootcfg.Remarks(["PATH", "BOOTCFG_OTHER", "BOOTCFG_DATA_PATH"]));

    [Fact]
    public async Task Help_lists_commands_with_a_sentence_each_and_asks_no_server()
    {
        var (exitCode, output, error) = await RunAsync("node", "--help");
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        Assert.Contains("  set <NODE> ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("For example", output, StringComparison.Ordinal);
        Assert.Contains("For example", (await RunAsync("node", "set", "--help")).Output, StringComparison.Ordinal);
    }

    private void PutRelease(string channel = "stable")
    {
        var names = ReleaseFiles.Of(OperatingSystemName.Flatcar);
        var directory = Directory.CreateDirectory(Path.Combine(_directory.Path, "www", channel, "current")).FullName;
        foreach (var name in new[] { names.Kernel, names.Initrd, names.Image })
        {
            File.WriteAllText(Path.Combine(directory, name), "");
        }
    }

    private void PutKubernetes(params string[] names)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_directory.Path, "www/static/kubernetes/1.35.0/amd64"));
        foreach (var name in names)
        {
            File.WriteAllText(Path.Combine(directory.FullName, name), "");
        }
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await CommandLine.RunAsync(arguments, new() { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
