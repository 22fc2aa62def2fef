using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>The program that was built, as a process on the rack's server.</summary>
internal sealed partial class RunningProgram : IAsyncDisposable
{
    private readonly Rack _rack;
    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly Task _reading;

    private RunningProgram(Rack rack, Process process)
    {
        _rack = rack;
        _process = process;
        _client = rack.From(Rack.Stranger);
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _lines), ReadAsync(process.StandardError, _errors));
    }

    /// <summary>
    /// What <c>tests/run</c> published; else beside the tests' own folder: <c>artifacts/bin/Bootstrapper.Tests/debug</c>, and
    /// there may be a release beside debug.
    /// </summary>
    public static string FileName { get; } = Environment.GetEnvironmentVariable("TESTED_PROGRAM") ?? Path.GetFullPath(
        Path.Combine(
            AppContext.BaseDirectory,
            "..",
            "..",
            "Bootstrapper",
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            "bootstrapper"));

    public int Pid => _process.Id;

    /// <summary>The log.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    public bool HasEnded => _process.HasExited;

    public string Errors => string.Join('\n', _errors);

    public static RunningProgram Start(Rack rack, params string[] arguments) =>
        Start(rack, rack.Server.Command(FileName, ["serve", "--bsroot", rack.Bsroot.Root, .. arguments]));

    public static RunningProgram Start(Rack rack, ProcessStartInfo command)
    {
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        return new RunningProgram(rack, Process.Start(command)!);
    }

    /// <summary>The child's process id, as the log last told it.</summary>
    public int PidOf(string service) =>
        Lines.Select(line => Started().Match(line)).Where(match => match.Groups["service"].Value == service)
            .Select(match => int.Parse(match.Groups["pid"].Value, CultureInfo.InvariantCulture)).Last();

    /// <summary>Every process that the log tells of.</summary>
    public IEnumerable<int> ChildPids() => new[] { "dnsmasq", "registry" }.Where(IsLogged).Select(PidOf);

    public async Task ReadyAsync() => await ReadyzAsync(HttpStatusCode.OK);

    public async Task NotReadyAsync() => await ReadyzAsync(HttpStatusCode.ServiceUnavailable);

    /// <summary>Waits until requests over new connections are answered, before the children may be.</summary>
    public Task AnswersAsync() => Eventually.True(async () =>
    {
        using var client = _rack.From(Rack.Stranger);
        return await StatusAsync(client, "healthz") == HttpStatusCode.OK;
    });

    public async Task<string> ReadinessAsync()
    {
        using var answer = await _client.GetAsync(new Uri("readyz", UriKind.Relative), TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Likewise, as an operator is told.</summary>
    public async Task<string> WholeReadinessAsync()
    {
        using var client = _rack.Machines.Client(
            Rack.Stranger, new Uri($"https://{Rack.ServerAddress}"), RegistryGuest.Believing(_rack.Bsroot.CaCertificate));
        var token = await File.ReadAllTextAsync(_rack.Bsroot.AdminToken, TestContext.Current.CancellationToken);
        client.DefaultRequestHeaders.Authorization = new("Bearer", token.Trim());
        using var answer = await client.GetAsync(new Uri("readyz", UriKind.Relative), TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public Task SaysAsync(string text) =>
        Eventually.True(() => Lines.Any(line => line.Contains(text, StringComparison.Ordinal)), LastLines);

    /// <summary>SIGKILL, which it cannot see coming.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> TerminateAsync()
    {
        Signal.RequestStop(_process);
        return ExitAsync();
    }

    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10));
        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        await _reading;
        _process.Dispose();
        _client.Dispose();
    }

    private Task ReadyzAsync(HttpStatusCode wanted) =>
        Eventually.True(async () => await StatusAsync(_client, "readyz") == wanted, LastLines);

    /// <summary>As many as tests/run shows of a failure, without our own questions.</summary>
    public string LastLines() =>
        string.Join('\n', Lines.Where(line => !line.Contains(" GET /readyz ", StringComparison.Ordinal)).TakeLast(15));

    /// <returns><c>null</c> when nobody answers.</returns>
    private async Task<HttpStatusCode?> StatusAsync(HttpClient client, string path)
    {
        Assert.False(_process.HasExited, $"the program has ended: {Errors}\n{string.Join('\n', Lines)}");
        try
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            return null;
        }
    }

    private bool IsLogged(string service) => Lines.Any(line => Started().Match(line).Groups["service"].Value == service);

    private static async Task ReadAsync(StreamReader output, ConcurrentQueue<string> lines)
    {
        while (await output.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lines.Enqueue(line);
        }
    }

    [GeneratedRegex(@"(?<service>\w+) started, pid (?<pid>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Started();
}
