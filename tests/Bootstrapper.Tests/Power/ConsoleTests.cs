using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Bootstrapper.Cli;
using Bootstrapper.Http.Operators;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Cli;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Power;

/// <summary>Serial consoles over the API, with Debian's ipmi_sim for n2; n1 has a BMC with Redfish, n3 none.</summary>
[Trait("Category", "Slow")]
public sealed class ConsoleTests : IAsyncLifetime
{
    private const string Path = "/api/v1/nodes/n2/console";

    private PowerRack _rack = null!;
    private HttpClient _admin = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SerialLine Serial => _rack.Ipmi.Serial;

    public async ValueTask InitializeAsync()
    {
        _rack = await PowerRack.StartAsync();
        _admin = await _rack.Daemon.OperatorAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _admin?.Dispose();
        await (_rack?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task What_is_printed_is_passed_on_and_kept_and_what_is_typed_arrives()
    {
        using (var console = await OpenAsync())
        {
            await Serial.PrintAsync("\u001b[1mlogin:\u001b[0m ");
            await ReadsAsync(console, "\u001b[1mlogin:\u001b[0m ");
            await TypeAsync(console, "root\r~.\0still\r");
            await Eventually.True(() => Serial.Typed == "root\r~.still\r", () => Serial.Typed);
        }

        await ClosedAsync("console: closed: by its operator");
        Assert.Contains(
            $"opened by admin\nlogin:", await _admin.GetStringAsync(Path, Cancellation), StringComparison.Ordinal);
        Assert.EndsWith("login:\n", await _rack.GoodAsync("node", "console", "n2", "--recorded"), StringComparison.Ordinal);
        var file = Directory.GetFiles(_rack.Daemon.Bsroot.Timeline, "*.console").Single();
        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(file));
        Assert.Equal(["console: it is open: a test", "console: closed: by its operator"], Told());
        Assert.Contains("n2: console: a test", await _rack.GoodAsync("audit", "--node", "n2"), StringComparison.Ordinal);
        using var again = await OpenAsync();
    }

    [Fact]
    public async Task A_break_is_sent_at_the_beginning_of_a_line()
    {
        using var console = await OpenAsync();
        var id = console.Headers.GetValues(ConsoleEndpoints.IdHeader).Single();
        await BreakAsync(HttpStatusCode.NoContent);
        await TypeAsync(console, "h");
        await BreakAsync(HttpStatusCode.Conflict);
        var tool = $"{ToolOfConsole()}";
        await RealProgram.RunAsync("kill", ["-STOP", tool]); // it reads what was typed in one go
        await TypeAsync(console, "\r");
        var first = BreakAsync(HttpStatusCode.NoContent);
        await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);
        Assert.False(first.IsCompleted);
        await RealProgram.RunAsync("kill", ["-CONT", tool]);
        await first;
        await BreakAsync(HttpStatusCode.NoContent);
        await TypeAsync(console, "end");
        var expected = $"{SerialLine.Break}h\r{SerialLine.Break}{SerialLine.Break}end";
        await Eventually.True(() => Serial.Typed == expected, () => Serial.Typed);
        await Serial.PrintAsync("seen");
        await ReadsAsync(console, "seen");
        Assert.DoesNotContain("break", await _admin.GetStringAsync(Path, Cancellation), StringComparison.Ordinal);

        async Task BreakAsync(HttpStatusCode expected)
        {
            using var answer = await _admin.PostAsync($"{Path}/{id}/break", content: null, Cancellation);
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    [Fact]
    public async Task What_was_not_typed_when_it_is_left_is_never_typed()
    {
        var console = await _rack.ConsoleAsync();
        await _rack.Ipmi.PauseAsync(); // ipmitool waits for the BMC, its input fills, and the rest waits here
        var typing = Enumerable.Range(0, 8)
            .Select(_ => console.TypeAsync(Encoding.ASCII.GetBytes(new string('x', 64 * 1024)), Cancellation)).ToList();
        typing.Add(console.TypeAsync("last"u8.ToArray(), Cancellation));
        await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);
        await console.DisposeAsync();
        Assert.False(await typing[^1]);
        Assert.False(await console.TypeAsync("late"u8.ToArray(), Cancellation));
        Assert.DoesNotContain("last", Serial.Typed, StringComparison.Ordinal);
        await _rack.Ipmi.ResumeAsync();
    }

    [Fact]
    public async Task One_has_it_others_are_told_who_and_may_take_it()
    {
        using var first = await OpenAsync();
        using (var refused = await AskAsync(new ConsoleRequest(Take: false, Reason: null)))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains(
                "n2: admin has had the console open since",
                await refused.Content.ReadAsStringAsync(Cancellation),
                StringComparison.Ordinal);
        }

        using var second = await OpenAsync(take: true);
        await ReadsAsync(first, "[the console is closed: admin took it]");
        await TypeAsync(first, "x", HttpStatusCode.NotFound);
        await TypeAsync(second, "y");
        await Eventually.True(() => Serial.Typed == "y", () => Serial.Typed);
    }

    [Fact]
    public async Task What_the_audit_trail_cannot_be_told_of_takes_nothing_from_anybody()
    {
        using var first = await OpenAsync();
        var journal = new AuditRepository(_rack.Daemon.Bsroot.Inventory).JournalDirectory;
        await Eventually.True(() => !Directory.Exists(journal) || Directory.GetFiles(journal).Length == 0);
        if (Directory.Exists(journal))
        {
            Directory.Delete(journal);
        }

        await File.WriteAllTextAsync(journal, "in the way", Cancellation);
        using var refused = await AskAsync(new ConsoleRequest(Take: true, Reason: null));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await TypeAsync(first, "x");
    }

    [Fact]
    public async Task Each_of_two_takers_has_it_and_is_told_who_took_it_next()
    {
        var consoles = new Consoles();
        var (first, second, third) = (Of("anna"), Of("berta"), Of("carla"));
        Assert.Null(await consoles.EnterAsync(first, take: false, Cancellation));
        var berta = consoles.EnterAsync(second, take: true, Cancellation);
        var carla = consoles.EnterAsync(third, take: true, Cancellation);
        Assert.Equal("berta", first.Taker);
        consoles.Leave(first);
        Assert.Null(await berta);
        await Eventually.True(() => second.Taker == "carla");
        Assert.StartsWith(
            "berta has had", await consoles.EnterAsync(first, take: false, Cancellation), StringComparison.Ordinal);
        consoles.Leave(first); // it was refused, and leaves berta's alone
        consoles.Leave(second);
        Assert.Null(await carla);
        Assert.Same(third, consoles.Find(third.Mac, third.Id));

        static OpenConsole Of(string by) => new(Sample.Node(2).Mac, by, TimeProvider.System);
    }

    [Theory]
    [InlineData(false, "console: not done: it was not wanted any more before it began: a test")]
    [InlineData(true, "console: not done: it was not wanted any more before it began: a test")]
    public async Task One_that_is_not_wanted_any_more_while_it_is_opened_is_not_and_that_is_told(bool taken, string told)
    {
        await _rack.Ipmi.PauseAsync();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asked = AskAsync(new ConsoleRequest(Take: false, Reason: "a test"), leaving.Token);
        await Eventually.True(() => Programs().Any());
        if (taken)
        {
            var second = AskAsync(new ConsoleRequest(Take: true, Reason: null));
            using var refused = await asked;
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains(
                "n2: admin took the console before it was open",
                await refused.Content.ReadAsStringAsync(Cancellation),
                StringComparison.Ordinal);
            await _rack.Ipmi.ResumeAsync();
            using var open = await second;
            Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        }
        else
        {
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
            await _rack.Ipmi.ResumeAsync();
        }

        await Eventually.True(() => Told().Contains(told), () => string.Join('\n', Told()));
    }

    [Fact]
    public async Task What_the_BMC_has_open_with_somebody_else_is_told_and_may_be_taken()
    {
        await using var theirs = await _rack.ConsoleAsync();
        var (exitCode, output, error) = await _rack.RunAsync("node", "console", "n2");
        Assert.Equal((ExitCode.InvalidInput, ""), (exitCode, output));
        Assert.StartsWith(
            "error: the BMC of n2, 127.0.0.1 (ipmi): has the console open with somebody else", error, StringComparison.Ordinal);
        using var mine = await OpenAsync(take: true);
        await TypeAsync(mine, "mine");
        await Eventually.True(() => Serial.Typed == "mine", () => Serial.Typed);
    }

    [Fact]
    public async Task Nobody_but_an_admin_has_it_and_none_is_there_without_IPMI()
    {
        Assert.Equal(ExitCode.NoPermission, (await _rack.RunAsync(
            "node", "console", "n2", "--token", "otto-has-a-long-enough-token")).ExitCode);
        Assert.Equal(ExitCode.NoPermission, (await _rack.RunAsync(
            "node", "console", "n2", "--recorded", "--token", "otto-has-a-long-enough-token")).ExitCode);
        Assert.Contains(
            "speaks Redfish, which has no serial console. It offers one by IPMI (port 623), SSH (port 22): where it has IPMI",
            (await _rack.RunAsync("node", "console", "n1")).Error,
            StringComparison.Ordinal);
        Assert.Contains(
            "the description does not say how to speak to the BMC of n3",
            (await _rack.RunAsync("node", "console", "n3")).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Access_that_is_revoked_ends_it()
    {
        var token = System.IO.Path.Combine(_rack.Daemon.Bsroot.Operators, "anna.admin");
        Bsroot.Write(token, "anna-has-a-long-enough-token\n", Bsroot.SecretFile);
        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation); // tokens are looked at each second
        _admin.DefaultRequestHeaders.Authorization = new("Bearer", "anna-has-a-long-enough-token");
        using var console = await OpenAsync();
        File.Delete(token);
        await ReadsAsync(console, "[the console is closed: access was revoked]");
        await ClosedAsync("console: closed: access was revoked");
    }

    [Theory]
    [InlineData(false, "n2 is not in the description any more")]
    [InlineData(true, "the description has another BMC for n2 now, or other settings of it")]
    public async Task A_machine_whose_BMC_is_not_described_any_more_is_left(bool described, string why)
    {
        using var console = await OpenAsync();
        var current = _rack.Daemon.Current;
        var nodes = current.Value.Cluster.Nodes.Where(node => node.HostName != "n2").ToList();
        if (described)
        {
            var other = _rack.Ipmi.Settings with { PasswordFile = "bmc/ipmi.password", User = "other" };
            nodes.Add(Sample.Node(2) with { Bmc = other });
        }

        var cluster = current.Value.Cluster with { Nodes = nodes };
        current.Replace(new Snapshot(
            cluster, _rack.Daemon.Bsroot, TemplateSet.Of(TemplateFiles.In(_rack.Daemon.Bsroot, cluster))));
        await ReadsAsync(console, $"[the console is closed: {why}]");
        await TypeAsync(console, "x", HttpStatusCode.NotFound);
        await ClosedAsync($"console: closed: {why}");
    }

    [Fact]
    public async Task What_comes_when_it_may_not_stay_open_any_more_is_neither_passed_on_nor_kept()
    {
        await using var console = await _rack.ConsoleAsync();
        using var mine = new OpenConsole(Sample.Node(2).Mac, "anna", TimeProvider.System);
        using var to = new MemoryStream();
        string? objection = null;
        var passing = mine.PassOnAsync(
            console, to, _rack.Daemon.Part<ConsoleFiles>(), () => objection, CancellationToken.None, Cancellation);
        objection = "access was revoked";
        await Serial.PrintAsync("secret");
        Assert.False(await mine.TypeAsync("x"u8.ToArray(), Cancellation));
        Assert.Equal(objection, await passing);
        Assert.Equal("\r\n[the console is closed: access was revoked]\r\n", Encoding.UTF8.GetString(to.ToArray()));
        Assert.DoesNotContain("secret", await _admin.GetStringAsync(Path, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_reads_nothing_does_not_keep_it_from_others()
    {
        await using var console = await _rack.ConsoleAsync();
        using var mine = new OpenConsole(Sample.Node(2).Mac, "anna", TimeProvider.System);
        await using var to = new UnreadStream();
        var passing = mine.PassOnAsync(
            console, to, _rack.Daemon.Part<ConsoleFiles>(), () => null, CancellationToken.None, Cancellation);
        await Serial.PrintAsync("x");
        await Eventually.True(() => to.IsWaiting);
        _ = mine.YieldAsync("otto", Cancellation);
        Assert.Equal("otto took it", await passing.WaitAsync(TimeSpan.FromSeconds(5), Cancellation));
    }

    [Fact]
    public async Task The_end_of_the_program_leaves_no_ipmitool_behind()
    {
        using var console = await OpenAsync();
        Assert.Single(Programs());
        await _rack.Daemon.StopAsync();
        Assert.Empty(Programs());
        await ReadsAsync(console, "[the console is closed: the bootstrapper ends]");
        await _rack.Daemon.StartAsync();
    }

    [Fact]
    public async Task A_BMC_that_is_gone_ends_it_and_that_is_said()
    {
        using var console = await OpenAsync();
        await _rack.Ipmi.EndAsync();
        await ReadsAsync(console, "[the console is closed: the BMC does not answer any more]");
        await ClosedAsync("console: closed: the BMC does not answer any more");
        Assert.Empty(Programs());
    }

    private IEnumerable<string> Programs() => BmcBench.OfProcesses("cmdline").Where(line =>
        line.Contains($"ipmitool\0", StringComparison.Ordinal)
            && IsOfConsole(line)
            && !line.StartsWith("setsid", StringComparison.Ordinal) && !line.StartsWith("setpriv", StringComparison.Ordinal));

    private IEnumerable<string> Told() => _rack.Daemon.Part<Timeline>().Of(Sample.Node(2).Mac)
        .Where(seen => seen.Kind == EventKind.Power).Select(seen => seen.Text);

    private Task ClosedAsync(string how) => Eventually.True(() => Told().Contains(how), () => string.Join('\n', Told()));

    private async Task<HttpResponseMessage> OpenAsync(bool take = false)
    {
        var answer = await AskAsync(new ConsoleRequest(take, "a test"));
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        return answer;
    }

    private Task<HttpResponseMessage> AskAsync(ConsoleRequest request, CancellationToken? leaving = null) => _admin.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, Path) { Content = JsonContent.Create(request) },
        HttpCompletionOption.ResponseHeadersRead,
        leaving ?? Cancellation);

    private async Task TypeAsync(
        HttpResponseMessage console, string keys, HttpStatusCode expected = HttpStatusCode.NoContent)
    {
        var id = console.Headers.GetValues(ConsoleEndpoints.IdHeader).Single();
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(keys));
        using var answer = await _admin.PostAsync($"{Path}/{id}/keys", body, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
    }

    private static async Task ReadsAsync(HttpResponseMessage console, string expected)
    {
        var stream = await console.Content.ReadAsStreamAsync(Cancellation);
        var (block, read) = (new byte[1024], "");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        for (int count; !read.Contains(expected, StringComparison.Ordinal)
            && (count = await stream.ReadAsync(block, patience.Token)) > 0;)
        {
            read += Encoding.UTF8.GetString(block, 0, count);
        }

        Assert.Contains(expected, read, StringComparison.Ordinal);
    }

    private bool IsOfConsole(string commandLine) =>
        commandLine.Contains($"{_rack.Ipmi.Settings.Port}\0", StringComparison.Ordinal);

    private int ToolOfConsole() => Process.GetProcessesByName("ipmitool").Select(process => process.Id).Single(process =>
        IsOfConsole(File.ReadAllText($"/proc/{process}/cmdline")));

    /// <summary>Of whoever does not read any more what is sent.</summary>
    private sealed class UnreadStream : MemoryStream
    {
        public bool IsWaiting { get; private set; }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            IsWaiting = true;
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
