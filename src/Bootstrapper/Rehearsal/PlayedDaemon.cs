using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bootstrapper.Host;

namespace Bootstrapper.Rehearsal;

/// <summary>The bootstrapper that the machines are played against: a process of its own, in the network made for it.</summary>
/// <param name="program">Itself, or another build of it.</param>
/// <param name="logFile">What it writes.</param>
internal sealed class PlayedDaemon(PlayedNetwork network, string program, Bsroot bsroot, string logFile) : IAsyncDisposable
{
    /// <summary>It finds in /sys the interfaces of its own network; its process id is the shell's.</summary>
    private const string Start = "mount -t sysfs sysfs /sys && echo $$ >\"$0\" && exec \"$@\"";

    private const int MostOfLog = 20;

    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(12), StartPatience = TimeSpan.FromMinutes(2),
        ReadyPatience = TimeSpan.FromSeconds(15), Pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _end = new();
    private IReadOnlyDictionary<string, TimeSpan> _before = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
    private Task<ProgramResult>? _running;
    private Process? _process;

    private string PidFile => logFile + ".pid";

    /// <summary>In bytes, the most that it has had of memory; of all its runs.</summary>
    public long PeakMemory { get; private set; }

    /// <summary>Returns when it answers, and its children do.</summary>
    /// <exception cref="IOException">It ended, or does not answer.</exception>
    public async Task StartAsync(IPEndPoint web, CancellationToken cancellation)
    {
        File.Delete(PidFile);
        var run = network.Server.Run(
            "unshare", ["--mount", "sh", "-c", Start, PidFile, program, "serve", "--bsroot", bsroot.Root], LongestRun) with
        {
            Output = LogAsync,
        };
        _running = run.RunAsync(_end.Token);
        using var http = Http();
        for (var waiting = Stopwatch.StartNew(); !await IsReadyAsync(http, web, waiting, cancellation);)
        {
            if (_running.IsCompleted || waiting.Elapsed > StartPatience)
            {
                throw new IOException($"the bootstrapper {(_running.IsCompleted ? "ended" : "does not answer")}: "
                    + string.Join('\n', EndOfLog()) + (_running.IsCompletedSuccessfully ? (await _running).Errors : ""));
            }

            await Task.Delay(Pause, cancellation);
        }

        var pid = await File.ReadAllTextAsync(PidFile, cancellation);
        _process = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
    }

    /// <summary>SIGKILL, which it cannot see coming.</summary>
    public async Task KillAsync()
    {
        NoteMemory();
        _before = Used();
        _process!.Kill();
        await _running!;
    }

    /// <summary>Takes down how much memory it has needed so far.</summary>
    public void NoteMemory() => PeakMemory = Math.Max(PeakMemory, ProcessFamily.PeakMemory(_process!.Id));

    /// <summary>Processor time of it and of each of its children so far, by their names; those that were killed, too.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Used() => ProcessFamily.Used(_process!.Id).Concat(_before)
        .GroupBy(used => used.Key, used => used.Value, StringComparer.Ordinal)
        .ToDictionary(used => used.Key, used => used.Aggregate((sum, more) => sum + more), StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_running is not null)
        {
            await ((Task)_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _process?.Dispose();
        _end.Dispose();
    }

    private async Task LogAsync(Stream output, CancellationToken cancellation)
    {
        await using var file = new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        await output.CopyToAsync(file, cancellation);
    }

    /// <summary>The file itself may be gone before anybody can read it.</summary>
    private IEnumerable<string> EndOfLog() => File.Exists(logFile) ? File.ReadLines(logFile).TakeLast(MostOfLog) : [];

    /// <summary>With its children; what is not ready for want of a file is played all the same, after a while.</summary>
    private static async Task<bool> IsReadyAsync(
        HttpClient http, IPEndPoint web, Stopwatch waiting, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://{web}/readyz"), cancellation);
            return answer.IsSuccessStatusCode || waiting.Elapsed > ReadyPatience;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            return false;
        }
    }

    private HttpClient Http() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = network.Server.Within(() => new Socket(SocketType.Stream, ProtocolType.Tcp));
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}
