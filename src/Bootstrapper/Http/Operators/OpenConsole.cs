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

    /// <summary>For it to end, when another takes it.</summary>
    private static readonly TimeSpan Leave = TimeSpan.FromSeconds(10);

    /// <summary>NUL, which terminals leave out (ECMA-48, 8.3.88).</summary>
    private static readonly byte[] Nothing = [0];

    private readonly CancellationTokenSource _end = new();
    private readonly DateTimeOffset _since = time.GetUtcNow();
    private IpmiConsole? _console;
    private string? _taker;

    public MacAddress Mac => mac;

    public string By => by;

    /// <summary>Whoever types says it: keys are for this console, and not for the next one of the machine.</summary>
    public string Id { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>Completes when another may have it.</summary>
    public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

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
        _console is { } console && await console.TypeAsync(keys, cancellation);

    /// <summary>Passes on what the machine prints, and keeps it, until somebody ends it.</summary>
    /// <returns>Why it ended.</returns>
    public async Task<string> PassOnAsync(
        IpmiConsole console,
        Stream to,
        ConsoleFiles files,
        Func<bool> isWelcome,
        CancellationToken stopping,
        CancellationToken left)
    {
        _console = console;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, left, _end.Token);
        try
        {
            files.Append(mac, Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"\r\n--- {_since:yyyy-MM-dd HH:mm:ss}Z, opened by {by}\r\n")));
            while (isWelcome())
            {
                var block = await NextAsync(console, end.Token);
                if (block is null)
                {
                    var why = await console.EndAsync();
                    await SayAsync(to, why);
                    return why;
                }

                if (block != Nothing)
                {
                    files.Append(mac, block);
                }

                await to.WriteAsync(block, end.Token);
                await to.FlushAsync(end.Token);
            }

            return "access was revoked";
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

    /// <returns><c>null</c> when there is no more.</returns>
    private async Task<byte[]?> NextAsync(IpmiConsole console, CancellationToken end)
    {
        using var silence = new CancellationTokenSource(KeepAlive, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(end, silence.Token);
        try
        {
            return await console.Printed.WaitToReadAsync(patience.Token) && console.Printed.TryRead(out var block) ? block : null;
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return Nothing;
        }
    }

    /// <summary>The last words, for whoever still listens.</summary>
    private static async Task SayAsync(Stream to, string why)
    {
        try
        {
            await to.WriteAsync(Encoding.UTF8.GetBytes($"\r\n[the console is closed: {why}]\r\n"));
            await to.FlushAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // nobody does
        }
    }
}
