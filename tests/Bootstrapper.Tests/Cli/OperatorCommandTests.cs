using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bootstrapper.Cli;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;
using Bootstrapper.Tests.Program;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

/// <summary>The commands against the program itself, over TLS.</summary>
[Trait("Category", "Slow")]
public sealed partial class OperatorCommandTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _home = new();
    private TestDaemon _daemon = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(
            Sample.Cluster(Sample.Node(1), Sample.Node(2)) with { UnknownNodes = UnknownNodes.Discover });
        _home.Write(
            "config.yml",
            $"server: https://127.0.0.1:{_daemon.HttpsPort}\ntoken: "
                + $"{(await File.ReadAllTextAsync(_daemon.Bsroot.AdminToken, Cancellation)).Trim()}\nca: "
                + $"{_daemon.Bsroot.CaCertificate}\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task In_a_pipe_the_list_is_columns_one_machine_a_line()
    {
        var lines = (await Good("node", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["NAME", "STATE", "AGE", "IP", "MESSAGE"], Columns().Split(lines[0]));
        Assert.Equal(["n1", "n2"], lines.Skip(1).Select(line => Columns().Split(line)[0]));
        Assert.Equal("configured", Columns().Split(lines[1])[1]);
        Assert.DoesNotContain('\e', string.Concat(lines));
    }

    [Fact]
    public async Task Programs_get_JSON_YAML_or_names()
    {
        Assert.Equal(
            "n2",
            JsonDocument.Parse(await Good("node", "list", "-o", "json")).RootElement[1].GetProperty("hostName").GetString());
        Assert.Contains(
            "- mac: \"52:54:00:00:00:01\"\n  hostName: n1\n  state: configured\n",
            await Good("node", "list", "-o", "yaml"),
            StringComparison.Ordinal);
        Assert.Equal("n1\nn2\n", await Good("node", "list", "-o", "name"));
        Assert.Equal("", await Good("node", "list", "-o", "name", "--state", "failed"));
    }

    [Fact]
    public async Task Columns_are_chosen_by_name_or_by_path()
    {
        await Good("node", "set", "n1", "--cabinet", "A3", "--label", "disk=ssd");
        Assert.Equal("n1  A3  ssd\nn2  -   -\n", await Good(
            "node", "list", "--fields", "name,cabinet,.labels.disk", "--no-headers"));
        Assert.Equal("NAME  DISK\nn1    ssd\nn2    -\n", await Good(
            "node", "list", "-o", "custom-columns=NAME:.hostName,DISK:.labels['disk']"));
        Assert.Equal("n1 n2\n", await Good("node", "list", "-o", "jsonpath={.items[*].hostName}"));
        Assert.Equal("A3\n", await Good("node", "show", "n1", "-o", "jsonpath={.cabinet}"));
    }

    [Theory]
    [InlineData("invalid --fields: expected name, state, ", "--fields", "nam")]
    [InlineData("--fields chooses columns of a table, which -o json is not", "--fields", "name", "-o", "json")]
    [InlineData("there is no field .hostname: expected one of .mac, .hostName, ", "-o", "custom-columns=N:.hostname")]
    public async Task A_column_that_is_not_there_is_named(string reason, params string[] options)
    {
        var (exitCode, output, error) = await RunAsync(["node", "list", .. options]);
        Assert.Equal((ExitCode.Usage, ""), (exitCode, output));
        Assert.StartsWith($"error: {reason}", error, StringComparison.Ordinal);
        Assert.EndsWith("\nsee: bootstrapper node list --help\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_node_boots_is_rendered_as_it_is_served()
    {
        using var machine = _daemon.From("127.0.0.2");
        var served = await machine.GetStringAsync("/ipxe?mac=52:54:00:00:00:01", Cancellation);
        var configs = await _daemon.OperatorAsync();
        var shown = await configs.GetFromJsonAsync<JsonElement>("/api/v1/nodes/n1/configs", Cancellation);
        Assert.Equal(served, shown.GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == "ipxe").GetProperty("text").GetString());
        configs.Dispose();
    }

    [Fact]
    public async Task Machines_are_searched_and_sorted()
    {
        await Good("node", "hold", "n1");
        Assert.Equal("n2\n", await Good("node", "list", "-o", "name", "--search", "00:02"));
        Assert.Equal("n2\nn1\n", await Good("node", "list", "-o", "name", "--sort", "-hostName"));
        Assert.Equal("n1\n", await Good("node", "list", "-o", "name", "--phase", "configured", "--search", "00:01"));
        Assert.Equal("", await Good("node", "list", "-o", "name", "--phase", "failed,stuck"));
    }

    [Fact]
    public async Task The_audit_trail_is_read_with_who_and_why()
    {
        await Good("node", "hold", "n1", "--reason", "loud fan");
        await Good("node", "release", "n1");
        await Good("node", "set", "n1", "--cabinet", "A 3", "--reason", "moved");
        await Good("node", "hold", "n2");
        await Eventually.True(async () =>
            (await Good("audit", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == 4);

        var lines = (await Good("audit", "--node", "n1")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["TIME", "AUTHOR", "CHANGE", "REASON"], Columns().Split(lines[0]));
        Assert.Equal(
            [("admin", "n1: set cabinet", "moved"), ("admin", "n1: released", "-"), ("admin", "n1: held", "loud fan")],
            lines.Skip(1).Select(line => Columns().Split(line)).Select(cells => (cells[1], cells[2], cells[3])));
        Assert.Equal("n2: held", JsonDocument.Parse(await Good("audit", "--limit", "1", "-o", "json")).RootElement
            .EnumerateArray().Single().GetProperty("subject").GetString());
        Assert.Contains("52:54:00:00:00:02", await Good("audit", "-n", "1", "-o", "wide"), StringComparison.Ordinal);
        Assert.Equal(ExitCode.MissingInput, (await RunAsync("audit", "--node", "nobody")).ExitCode);
    }

    [Fact]
    public async Task What_somebody_wrote_into_the_trail_moves_no_cursor()
    {
        await Good("node", "hold", "n1");
        await Eventually.True(async () => (await Good("audit", "-o", "name")).Length > 0);
        await Tool.OutputOfAsync(
            "git", "-c", "safe.directory=*", "-C", _daemon.Bsroot.Inventory, "-c", "user.name=Root", "-c", "user.email=root@here",
            "commit", "--allow-empty", "--quiet", "--message", "looked: \e[31mred\n\nfirst\n\e[2Jsecond");

        var line = (await Good("audit")).Split('\n')[1];
        Assert.EndsWith("looked:  [31mred  first  [2Jsecond", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_set_is_shown_and_an_empty_value_takes_it_away()
    {
        await Good("node", "set", "n1", "--cabinet", "A 3", "--bmc", "10.9.9.9", "--label", "disk=ssd", "--label", "x=1");
        await Good("node", "set", "n1", "--bmc", "", "--label", "x=");
        var shown = await Good("node", "show", "n1");
        Assert.Contains("cabinet: A 3\n", shown, StringComparison.Ordinal);
        Assert.Contains("labels:\n  disk: ssd\n", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("bmc:", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_is_held_released_and_reinstalled()
    {
        Assert.Contains("configured,held", await Good("node", "hold", "n1", "--reason", "loud fan"), StringComparison.Ordinal);
        Assert.Equal(ExitCode.InvalidInput, (await RunAsync("node", "reinstall", "n1")).ExitCode);
        Assert.DoesNotContain("held", await Good("node", "release", "n1"), StringComparison.Ordinal);
        Assert.Contains("configured,armed", await Good("node", "reinstall", "n1", "--wipe"), StringComparison.Ordinal);
        Assert.Contains("held: loud fan", await Good("node", "log", "n1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_was_installed_by_other_means_is_left_alone()
    {
        Assert.Contains(
            "running",
            await Good("node", "state", "n1", "--state", "running", "--os-version", "4593.2.5"),
            StringComparison.Ordinal);
        using var machine = _daemon.From("127.0.0.2");
        using var script = await machine.GetAsync("/install.sh", Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, script.StatusCode);
        Assert.Equal(ExitCode.Usage, (await RunAsync("node", "state", "n1", "--state", "flying")).ExitCode);
    }

    [Fact]
    public async Task A_stranger_is_enrolled_and_forgotten()
    {
        using var stranger = _daemon.From("127.0.9.9");
        using var _ = await stranger.GetAsync("/install.sh?mac=52:54:00:00:ff:01", Cancellation);
        await Eventually.True(async () => (await Good("node", "list")).Contains("discovered", StringComparison.Ordinal));
        Assert.StartsWith(
            "s1",
            (await Good("node", "enrol", "52:54:00:00:ff:01", "--hostname", "s1")).Split('\n')[1],
            StringComparison.Ordinal);
        Assert.Equal("", await Good("node", "forget", "s1"));
        Assert.Equal("n1\nn2\n", await Good("node", "list", "-o", "name"));
    }

    [Fact]
    public async Task Why_a_machine_is_stuck_is_a_sentence_and_a_remedy()
    {
        Assert.Contains("n1 has been configured since", await Good("node", "why", "n1"), StringComparison.Ordinal);
        using var machine = _daemon.From("127.0.0.2");
        using var _ = await machine.PostAsync(
            "/api/v1/report/52:54:00:00:00:01",
            new FormUrlEncodedContent([new("state", "failed"), new("message", "no disk")]),
            Cancellation);
        Assert.Matches(@"install-failed: no disk\n  [A-Z].+\.\n", await Good("node", "why", "n1"));
        Assert.Contains("rule: install-failed", await Good("node", "why", "n1", "-o", "yaml"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bootstrapper node rei", "reinstall")]
    [InlineData("bootstrapper node why n", "n1 n2")]
    [InlineData("bootstrapper node list --st", "--state")]
    public async Task A_shell_completes_commands_options_and_machines(string typed, string expected)
    {
        var script = _home.Write("completion.bash", await Completion("bash"));
        _home.Write("bootstrapper", $"#!/bin/sh\nexport BOOTSTRAPPER_CONFIG='{Path.Combine(_home.Path, "config.yml")}'\nexec "
            + $"'{RunningProgram.FileName}' \"$@\"\n");
        File.SetUnixFileMode(Path.Combine(_home.Path, "bootstrapper"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Task<string> SaidAsync() => RealProgram.RunAsync("bash", ["-c", $$"""
            PATH='{{_home.Path}}':$PATH; . '{{script}}'
            COMP_LINE='{{typed}}'; COMP_POINT={{typed.Length}}; COMP_WORDS=($COMP_LINE); COMP_CWORD={{typed.Count(c => c == ' ')}}
            _bootstrapper; echo "${COMPREPLY[*]}"
            """]);
        // on a busy machine the program gives up asking for names
        await Eventually.True(async () => (await SaidAsync()).Trim() == expected);
    }

    [Theory]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Other_shells_have_a_script_too(string shell) =>
        Assert.Contains("[suggest:", await Completion(shell), StringComparison.Ordinal);

    [Fact]
    public async Task The_cluster_is_shown_at_a_glance()
    {
        Assert.Contains("  configured: 2\n", await Good("cluster"), StringComparison.Ordinal);
        Assert.Equal("NAME  ASSIGNED  QUANTITY  TAGS\n", await Good("profile", "list"));
        Assert.Equal("ADDRESS  MAC  NAME  EXPIRES\n", await Good("lease", "list"));
    }

    [Fact]
    public async Task Events_are_told_as_they_happen()
    {
        await Good("node", "hold", "n1");
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var output = new WatchedWriter(line =>
        {
            if (line.Contains("held", StringComparison.Ordinal))
            {
                enough.Cancel();
            }
        });
        var exitCode = await CommandLine.Create().Parse(["events", "--after", "1", .. Home()]).InvokeAsync(
            new() { Output = output }, enough.Token);
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.True(enough.IsCancellationRequested);
    }

    [Theory]
    [InlineData(ExitCode.MissingInput, "node", "show", "nobody")]
    [InlineData(ExitCode.InvalidInput, "node", "forget", "n1")]
    [InlineData(ExitCode.Usage, "node", "set", "n1", "--bmc", "here")]
    [InlineData(ExitCode.Usage, "node", "list", "--sort", "size")]
    [InlineData(ExitCode.Usage, "node", "list", "--phase", "flying")]
    [InlineData(ExitCode.Usage, "node", "log")]
    [InlineData(ExitCode.Usage, "node", "set", "n1")]
    [InlineData(ExitCode.NoPermission, "node", "list", "--token", "a-token-that-nobody-has")]
    [InlineData(ExitCode.Unavailable, "node", "list", "--server", "https://127.0.0.1:1")]
    [InlineData(ExitCode.Usage, "node", "list", "--server", "http://127.0.0.1")]
    [InlineData(ExitCode.MissingInput, "node", "list", "--ca", "/nowhere/ca.crt")]
    public async Task What_went_wrong_is_one_line_and_an_exit_code(int expected, params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(arguments);
        Assert.Equal((expected, ""), (exitCode, output));
        Assert.Matches(@"\Aerror: [^\n]+\n(see: bootstrapper node \w+ --help\n)?\z", error);
        Assert.Equal(expected == ExitCode.Usage, error.Contains("see: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_another_root_vouches_for_is_not_spoken_to()
    {
        using var elsewhere = new TemporaryDirectory();
        CertificateAuthority.Open(new Bsroot(elsewhere.Path), TimeProvider.System);
        var (exitCode, _, error) = await RunAsync("node", "list", "--ca", Path.Combine(elsewhere.Path, "ca.crt"));
        Assert.Equal(ExitCode.Unavailable, exitCode);
        Assert.Contains("certificate", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_the_bootstrappers_own_machine_nothing_need_be_given()
    {
        _home.Write("config.yml", "");
        await File.WriteAllTextAsync(_daemon.Bsroot.Description, $$"""
            bootstrapper: 127.0.0.1
            subnet: 127.0.0.0/8
            dhcp: off
            https_port: {{_daemon.HttpsPort}}
            domainname: lab.test
            nodes: [{mac: "52:54:00:00:00:01", kube_master: y, etcd_member: y}]
            """, Cancellation);
        var (exitCode, output, error) = await RunAsync("node", "list", "-o", "name", "--bsroot", _daemon.Bsroot.Root);
        Assert.Equal((ExitCode.Success, "n1\nn2\n", ""), (exitCode, output, error));
    }

    [Fact]
    public void Every_command_that_replaces_one_of_mayuctl_is_there()
    {
        var commands = Command().Matches(File.ReadAllText(Docs("mayu.md")))
            .Select(match => match.Groups["command"].Value).ToList();
        Assert.True(commands.Count > 8);
        Assert.All(commands, command => Assert.Empty(CommandLine.Create().Parse(command).Errors));
    }

    private static async Task<string> Completion(string shell)
    {
        var output = new StringWriter();
        Assert.Equal(ExitCode.Success, await CommandLine.RunAsync(["completion", shell], new() { Output = output }));
        return output.ToString();
    }

    private async Task<string> Good(params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(arguments);
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        return output;
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await CommandLine.RunAsync([.. arguments, .. Home()], new() { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }

    private string[] Home() => ["--config", Path.Combine(_home.Path, "config.yml")];

    private static string Docs(string page, [CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "docs", page);

    [GeneratedRegex(@"\s{2,}")]
    private static partial Regex Columns();

    [GeneratedRegex("`bootstrapper (?<command>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Command();

    private sealed class WatchedWriter(Action<string> seen) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            seen(value ?? "");
        }
    }
}
