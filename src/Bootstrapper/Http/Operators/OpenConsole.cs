using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Power;

namespace Bootstrapper.Http.Operators;

/// <summary>A machine's serial console that an operator has open, or is about to.</summary>
/// <param name="mac">The machine's.</param>
/// <param name="by">The operator.</param>
internal sealed class OpenConsole(MacAddress mac, string by, TimeProvider time) : IDisposable
{
    /// <summary>When nothing is printed: whoever went without a word is found by what cannot be delivered.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>How often it is asked whether it may stay open.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>For whoever has it open to take what was printed: where nobody takes it, nobody else can have it.</summary>
    private static readonly TimeSpan Delivery = TimeSpan.FromSeconds(30);

    /// <summary>Likewise for why it ended.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    /// <summary>For it to end, when another takes it: the last words, and ipmitool's leave.</summary>
    private static readonly TimeSpan Leave = TimeSpan.FromSeconds(10);

    /// <summary>NUL, which terminals leave out (ECMA-48, 8.3.88).</summary>
    private static readonly byte[] Nothing = [0];

    private readonly CancellationTokenSource _end = new();
    private readonly DateTimeOffset _since = time.GetUtcNow();
    private IpmiConsole? _console;
    private Func<string?> _objection = static () => null;
    private string? _taker;

    public MacAddress Mac => mac;

    public string By => by;

    /// <summary>Whoever types says it: keys are for this console, and not for the next one of the machine.</summary>
    public string Id { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>Whether it takes what is typed.</summary>
    public bool IsOpen => _console is not null && _objection() is null;

    /// <summary>Completes when another may have it.</summary>
    public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Cancelled when another takes it.</summary>
    public CancellationToken Taken => _end.Token;

    /// <summary>Who takes it; <c>null</c> for nobody.</summary>
    public string? Taker => _taker;

    /// <summary>For whoever would have it, too.</summary>
    public string Objection => string.Create(
        CultureInfo.InvariantCulture,
        $"{by} has had the console open since {_since:yyyy-MM-dd HH:mm:ss}Z: take it (--take), or ask");

    /// <summary>Ends it for somebody else.</summary>
    /// <returns>Whether it has ended.</returns>
    public async Task<bool> YieldAsync(string taker, CancellationToken cancellation)
    {
        _taker = taker;
        try
        {
            await _end.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // it has ended meanwhile
        }

        return await Task.WhenAny(Gone.Task, Task.Delay(Leave, time, cancellation)) == Gone.Task;
    }

    /// <param name="keys">Octets.</param>
    /// <returns><c>false</c> when it is closed, or not open yet.</returns>
    public async Task<bool> TypeAsync(byte[] keys, CancellationToken cancellation) =>
        IsOpen && await _console!.TypeAsync(keys, cancellation);

    /// <summary>Sends a serial break.</summary>
    /// <returns><c>false</c> when it is closed, or what was typed last does not end a line.</returns>
    public async Task<bool> BreakAsync(CancellationToken cancellation) => IsOpen && await _console!.BreakAsync(cancellation);

    /// <summary>Passes on what the machine prints, and keeps it, until somebody ends it.</summary>
    /// <param name="objection">Why it may not stay open; <c>null</c> while it may.</param>
    /// <returns>Why it ended.</returns>
    public async Task<string> PassOnAsync(
        IpmiConsole console,
        Stream to,
        ConsoleFiles files,
        Func<string?> objection,
        CancellationToken stopping,
        CancellationToken left)
    {
        (_objection, _console) = (objection, console);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, left, _end.Token);
        try
        {
            files.Begin(mac, _since, by);
            var why = await PassOnAsync(console, to, files, end.Token);
            await SayAsync(to, why);
            return why;
        }
        catch (OperationCanceledException)
        {
            var why = _taker is { } taker ? $"{taker} took it"
                : stopping.IsCancellationRequested ? "the bootstrapper ends"
                : null;
            await (why is null ? Task.CompletedTask : SayAsync(to, why));
            return why ?? "by its operator";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var why = $"it cannot be kept, or not be delivered: {Printable.OnOneLine(e.Message)}";
            await SayAsync(to, why);
            return why;
        }
    }

    public void Dispose() => _end.Dispose();

    /// <returns>Why it ended by itself, or must.</returns>
    private async Task<string> PassOnAsync(IpmiConsole console, Stream to, ConsoleFiles files, CancellationToken end)
    {
        for (var delivered = time.GetTimestamp(); ;)
        {
            var block = await NextAsync(console, end);
            if (block is null || _objection() is not null)
            {
                return _objection() ?? await console.EndAsync();
            }

            if (block.Length > 0)
            {
                files.Append(mac, block);
            }
            else if (time.GetElapsedTime(delivered) < KeepAlive)
            {
                continue;
            }

            await DeliverAsync(to, block.Length > 0 ? block : Nothing, end);
            delivered = time.GetTimestamp();
        }
    }

    /// <returns>Empty when nothing came for a while; <c>null</c> when there is no more.</returns>
    private async Task<byte[]?> NextAsync(IpmiConsole console, CancellationToken end)
    {
        using var silence = new CancellationTokenSource(Look, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(end, silence.Token);
        try
        {
            return await console.Printed.WaitToReadAsync(patience.Token) && console.Printed.TryRead(out var block) ? block : null;
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return [];
        }
    }

    /// <exception cref="IOException">Nobody takes it.</exception>
    private async Task DeliverAsync(Stream to, byte[] block, CancellationToken end)
    {
        using var tooLong = new CancellationTokenSource(Delivery, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(end, tooLong.Token);
        try
        {
            await to.WriteAsync(block, patience.Token);
            await to.FlushAsync(patience.Token);
        }
        catch (OperationCanceledException e) when (!end.IsCancellationRequested)
        {
            throw new IOException($"it was not read for {Delivery.TotalSeconds:0} s", e);
        }
    }

    /// <summary>The last words, for whoever still listens.</summary>
    private async Task SayAsync(Stream to, string why)
    {
        using var patience = new CancellationTokenSource(LastWords, time);
        try
        {
            await to.WriteAsync(Encoding.UTF8.GetBytes($"\r\n[the console is closed: {why}]\r\n"), patience.Token);
            await to.FlushAsync(patience.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // nobody does
        }
    }
}
