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

    /// <summary>What it prints, on a line, when it is open; before that it prints nothing of the machine's.</summary>
    private const string Operational = "[SOL Session operational.";

    private const int LongestPreface = 4096;

    /// <summary>Blocks that wait to be read, or typed: whoever is slow has the machine wait, and not the memory grow.</summary>
    private const int MostWaiting = 64;

    /// <summary>How long one may be open: somebody forgot it.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>For ipmitool to take its leave; without that, the BMC has it open for another minute.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(4);

    private static readonly string[] Activate = ["sol", "activate"];

    private readonly Channel<byte[]> _typed = Channel.CreateBounded<byte[]>(MostWaiting);
    private readonly Channel<byte[]> _printed = Channel.CreateBounded<byte[]>(MostWaiting);
    private readonly TaskCompletionSource _isOpen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _isLeft = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly IpmiTool _tool;
    private readonly Task<string> _run;

    private IpmiConsole(IpmiTool tool)
    {
        _tool = tool;
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

    /// <summary>Types what the machine is to read, but for NUL.</summary>
    /// <exception cref="ChannelClosedException">It is closed.</exception>
    public ValueTask TypeAsync(ReadOnlySpan<byte> keys, CancellationToken cancellation)
    {
        byte[] typed = [.. keys.ToArray().Where(key => key != Nul)];
        return typed.Length == 0 ? ValueTask.CompletedTask : _typed.Writer.WriteAsync(typed, cancellation);
    }

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
        _typed.Writer.TryComplete(); // at the end of its input, ipmitool closes the console
        await _isLeft.CancelAsync();
        _kill.CancelAfter(Goodbye);
        await _run;
        _isLeft.Dispose();
        _kill.Dispose();
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
                    await TypeAsync(input, ended);
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
            _typed.Writer.TryComplete();
            _printed.Writer.TryComplete();
        }
    }

    /// <summary>Not before it is open: ipmitool reads its password in one go, with whatever comes behind it.</summary>
    private async Task TypeAsync(Stream input, CancellationToken ended)
    {
        await Task.WhenAny(_isOpen.Task, Task.Delay(Timeout.Infinite, _isLeft.Token)).WaitAsync(ended);
        await foreach (var keys in _typed.Reader.ReadAllAsync(ended))
        {
            await input.WriteAsync(keys, ended);
            await input.FlushAsync(ended);
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
        try
        {
            if (said.Length > 0)
            {
                await _printed.Writer.WriteAsync(said, _isLeft.Token);
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
