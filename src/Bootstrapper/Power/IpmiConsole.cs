using System.Text;
using System.Threading.Channels;
using Bootstrapper.Host;

namespace Bootstrapper.Power;

/// <summary>
/// A machine's serial console, as its BMC passes it on over the network (IPMI 2.0, 15: Serial over LAN), by an ipmitool that runs
/// for as long as it is open. To be disposed of, for the BMC has one for everybody.
/// </summary>
internal sealed class IpmiConsole : IAsyncDisposable
{
    private const byte Nul = 0;

    /// <summary>
    /// What ipmitool takes for the beginning of an order to itself, in place of <c>~</c>: NUL, which an empty text stands for and
    /// nobody types.
    /// </summary>
    private const string OwnOrders = "";

    /// <summary>The order to send a break, at the beginning of a line alone; and what ipmitool prints then.</summary>
    private static readonly byte[] Break = [Nul, (byte)'B'], BreakSent = [.. "\0B [send break]\n"u8];

    /// <summary>What it prints, on a line, when it is open; before that it prints nothing of the machine's.</summary>
    private const string Operational = "[SOL Session operational.";

    private const int LongestPreface = 4096;

    /// <summary>Blocks that wait to be read: whoever is slow has the machine wait, and not the memory grow.</summary>
    private const int MostWaiting = 64;

    /// <summary>How long one may be open: somebody forgot it.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>For ipmitool to take its leave; without that, the BMC has it open for another minute.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(4);

    private static readonly string[] Activate = ["sol", "activate"];

    private readonly SemaphoreSlim _typing = new(1);
    private readonly TaskCompletionSource<Stream> _keyboard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<byte[]> _printed = Channel.CreateBounded<byte[]>(MostWaiting);
    private readonly TaskCompletionSource _isOpen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _isLeft = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly IpmiTool _tool;
    private readonly Task<string> _run;

    /// <summary>Whether ipmitool would take an order: what it was given last ends a line.</summary>
    private bool _isAtBegin = true;

    /// <summary>Of <see cref="_isLeft"/>, also when that is disposed of.</summary>
    private readonly CancellationToken _closed;

    private IpmiConsole(IpmiTool tool)
    {
        _tool = tool;
        _closed = _isLeft.Token;
        _run = RunAsync(tool.PasswordLine());
    }

    /// <summary>What the machine prints, until the console is closed.</summary>
    public ChannelReader<byte[]> Printed => _printed.Reader;

    /// <exception cref="PowerException">The BMC does not open it.</exception>
    public static async Task<IpmiConsole> OpenAsync(IpmiTool tool, TimeSpan patience, CancellationToken cancellation)
    {
        var console = new IpmiConsole(tool);
        try
        {
            await Task.WhenAny(console._isOpen.Task, console._run, Task.Delay(patience, cancellation));
            cancellation.ThrowIfCancellationRequested();
            return console._isOpen.Task.IsCompleted ? console
                : console._run.IsCompleted ? throw console.Refusal(await console._run)
                : throw new PowerException(
                    PowerFailure.Silent, $"did not open the console within {patience.TotalSeconds:0} s");
        }
        catch
        {
            await console.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Types what the machine is to read, but for NUL. Returns when ipmitool has it, so that nothing waits here that would be
    /// typed when the console was left.
    /// </summary>
    /// <returns><c>false</c> when it is closed.</returns>
    public Task<bool> TypeAsync(byte[] keys, CancellationToken cancellation)
    {
        byte[] typed = [.. keys.Where(key => key != Nul)];
        return OnKeyboardAsync(
            async (keyboard, end) =>
            {
                await keyboard.WriteAsync(typed, end);
                _isAtBegin = typed.Length == 0 ? _isAtBegin : typed[^1] is (byte)'\r' or (byte)'\n';
                return true;
            },
            cancellation);
    }

    /// <summary>
    /// Sends a serial break. ipmitool sends one before what it reads in the same go, and what it sends behind it is then lost: it
    /// reads an order by itself.
    /// </summary>
    /// <returns><c>false</c> when it is closed, or what was typed last does not end a line.</returns>
    public Task<bool> BreakAsync(CancellationToken cancellation) => OnKeyboardAsync(
        async (keyboard, end) =>
        {
            if (!_isAtBegin)
            {
                return false;
            }

            await Pipes.DrainAsync(keyboard, end);
            await keyboard.WriteAsync(Break, end);
            await Pipes.DrainAsync(keyboard, end);
            return true;
        },
        cancellation);

    /// <returns>Why it is closed, once it is.</returns>
    public async Task<string> EndAsync()
    {
        var said = await _run;
        return said.Contains("closed by BMC", StringComparison.Ordinal) ? "the BMC closed it"
            : said.Contains("keepalive", StringComparison.Ordinal) ? "the BMC does not answer any more"
            : $"ipmitool ended: {IpmiTool.Last(said, "")}";
    }

    public async ValueTask DisposeAsync()
    {
        await _isLeft.CancelAsync(); // its input ends, and so ipmitool closes the console
        _kill.CancelAfter(Goodbye);
        await _run;
        _isLeft.Dispose();
        _kill.Dispose();
    }

    /// <returns>What <paramref name="write"/> returns; <c>false</c> when it is closed.</returns>
    private async Task<bool> OnKeyboardAsync(
        Func<Stream, CancellationToken, Task<bool>> write, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closed);
        try
        {
            await _typing.WaitAsync(end.Token);
            try
            {
                var keyboard = await _keyboard.Task.WaitAsync(end.Token);
                var written = await write(keyboard, end.Token);
                await keyboard.FlushAsync(end.Token);
                return written;
            }
            finally
            {
                _typing.Release();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <returns>What ipmitool complained of.</returns>
    private async Task<string> RunAsync(byte[] password)
    {
        try
        {
            var run = _tool.Run(
                ["-e", OwnOrders, .. Activate],
                Longest,
                async (input, ended) =>
                {
                    await input.WriteAsync(password, ended);
                    await input.FlushAsync(ended);
                    await HandOverAsync(input, ended);
                },
                ReadAsync);
            return (await run.RunAsync(_kill.Token)).Errors;
        }
        catch (ProgramException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException)
        {
            return "it was killed";
        }
        finally
        {
            _printed.Writer.TryComplete();
            await _isLeft.CancelAsync();
        }
    }

    /// <summary>
    /// Lets its input be written to, until the console is left. Not before it is open: ipmitool reads its password in one go,
    /// with whatever comes behind it.
    /// </summary>
    private async Task HandOverAsync(Stream input, CancellationToken ended)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ended, _closed);
        try
        {
            await _isOpen.Task.WaitAsync(end.Token);
            _keyboard.SetResult(input);
            await Task.Delay(Timeout.Infinite, end.Token);
        }
        catch (OperationCanceledException)
        {
            await _typing.WaitAsync(ended); // it stays: nothing is typed after this
        }
    }

    private async Task ReadAsync(Stream output, CancellationToken ended)
    {
        var block = new byte[LongestPreface];
        var preface = "";
        for (int read; (read = await output.ReadAsync(block, ended)) > 0;)
        {
            var said = block[..read];
            if (!_isOpen.Task.IsCompleted)
            {
                preface += Encoding.Latin1.GetString(said);
                said = AfterPreface(preface);
                preface = preface.Length > LongestPreface ? "" : preface;
            }

            await PassOnAsync(said);
        }
    }

    /// <summary>Notes that it is open when that is said.</summary>
    /// <returns>What the machine printed after it.</returns>
    private byte[] AfterPreface(string preface)
    {
        var begin = preface.IndexOf(Operational, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : preface.IndexOf('\n', begin);
        if (end < 0)
        {
            return [];
        }

        _isOpen.TrySetResult();
        return Encoding.Latin1.GetBytes(preface[(end + 1)..]);
    }

    private async Task PassOnAsync(byte[] said)
    {
        if (said.AsSpan().IndexOf(BreakSent) is >= 0 and var at)
        {
            said = [.. said[..at], .. said[(at + BreakSent.Length)..]]; // which the machine did not print
        }

        try
        {
            if (said.Length > 0)
            {
                await _printed.Writer.WriteAsync(said, _closed);
            }
        }
        catch (OperationCanceledException)
        {
            // it is closed, and ipmitool is to come to its end
        }
    }

    private PowerException Refusal(string said) =>
        said.Contains("already active", StringComparison.Ordinal) ? new(
            PowerFailure.Taken,
            "has the console open with somebody else, or had it until a minute ago and was not told of its end: close it "
                + "there, or take it (--take)")
        : said.Contains("payload disabled", StringComparison.Ordinal) ? new(
            PowerFailure.Refused, "has its console over the network (Serial over LAN) switched off: enable it there")
        : _tool.Refusal(Activate, said);
}
