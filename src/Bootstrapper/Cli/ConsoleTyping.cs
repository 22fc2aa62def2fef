using System.Threading.Channels;

namespace Bootstrapper.Cli;

/// <summary>
/// What is typed on an open console. Keys are read whatever became of those before them, so that <c>~.</c> always ends it.
/// </summary>
/// <param name="type">Has the machine be typed something; waits for as long as that takes.</param>
/// <param name="sendBreak">Has it be sent a break.</param>
/// <param name="tell">Writes on the terminal.</param>
internal sealed class ConsoleTyping(
    Func<byte[], CancellationToken, Task> type, Func<CancellationToken, Task> sendBreak, Action<string> tell)
{
    private const int LongestBlock = 4096;

    /// <summary>Blocks that wait to be sent: somebody pasted a book.</summary>
    private const int MostWaiting = 1024;

    /// <summary>For what was typed before <c>~.</c>, and is still on its way.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    private readonly Channel<ConsoleOrder> _waiting = Channel.CreateBounded<ConsoleOrder>(MostWaiting);

    /// <summary>Passes on what is typed, until <c>~.</c> or the end of it.</summary>
    /// <param name="keys">A read may wait for ever, and is left to itself then.</param>
    /// <returns>Why nothing more can be typed; <c>null</c> when nothing more is to be.</returns>
    public async Task<string?> RunAsync(Stream keys, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (sending, reading) = (SendAsync(stop.Token), Task.Run(() => Read(keys), CancellationToken.None));
        try
        {
            if (await Task.WhenAny(sending, reading) == reading)
            {
                await reading;
                stop.CancelAfter(Goodbye);
            }

            await sending;
            return null;
        }
        catch (Exception e) when (e is ApiException or IOException)
        {
            return e.Message;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private void Read(Stream keys)
    {
        var (orders, block) = (new ConsoleKeys(), new byte[LongestBlock]);
        for (int read; !orders.HasEnded && (read = keys.Read(block)) > 0;)
        {
            foreach (var order in orders.Pass(block.AsSpan(0, read)))
            {
                if (order == ConsoleOrder.Help)
                {
                    tell(ConsoleKeys.Help);
                }
                else if (!_waiting.Writer.TryWrite(order))
                {
                    throw new IOException($"more than {MostWaiting} blocks wait to be typed");
                }
            }
        }

        _waiting.Writer.TryComplete();
    }

    private async Task SendAsync(CancellationToken stop)
    {
        await foreach (var order in _waiting.Reader.ReadAllAsync(stop))
        {
            if (order == ConsoleOrder.Break)
            {
                await sendBreak(stop);
            }
            else if (order != ConsoleOrder.End)
            {
                await type(order.Keys, stop);
            }
        }
    }
}
