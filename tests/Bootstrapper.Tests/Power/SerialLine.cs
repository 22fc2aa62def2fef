using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bootstrapper.Tests.Power;

/// <summary>
/// The serial line between a BMC's double, which connects to it over TCP, and its machine: the test, or in the lab the Unix
/// socket of a virtual machine, which is there while that is on.
/// </summary>
internal sealed class SerialLine : IAsyncDisposable
{
    /// <summary>As ipmi_sim passes a serial break on: telnet's (RFC 854).</summary>
    public const string Break = "\u00ff\u00f3";

    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly StringBuilder _typed = new();
    private readonly Task _run;
    private NetworkStream? _bmc;

    /// <param name="socket">The machine's; <c>null</c> for the test.</param>
    public SerialLine(string? socket)
    {
        _listener.Start();
        _run = RunAsync(socket);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool IsConnected => _bmc is not null;

    /// <summary>What the machine was typed.</summary>
    public string Typed
    {
        get
        {
            lock (_typed)
            {
                return _typed.ToString();
            }
        }
    }

    /// <summary>As the machine does.</summary>
    public async Task PrintAsync(string text) => await _bmc!.WriteAsync(Encoding.Latin1.GetBytes(text));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _run;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync(string? socket)
    {
        try
        {
            using var bmc = await _listener.AcceptTcpClientAsync(_end.Token);
            _bmc = bmc.GetStream();
            var machine = Stream.Null;
            _ = socket is null ? Task.CompletedTask : ConnectAsync(socket, stream => machine = stream);
            var block = new byte[4096];
            for (int read; (read = await _bmc.ReadAsync(block, _end.Token)) > 0;)
            {
                lock (_typed)
                {
                    _typed.Append(Encoding.Latin1.GetString(block, 0, read));
                }

                await TryAsync(() => machine.WriteAsync(block.AsMemory(0, read), _end.Token));
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // it is over
        }
    }

    /// <summary>Whenever the machine is on.</summary>
    private async Task ConnectAsync(string socket, Action<Stream> connected)
    {
        while (!_end.IsCancellationRequested)
        {
            await TryAsync(async () =>
            {
                using var line = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await line.ConnectAsync(new UnixDomainSocketEndPoint(socket), _end.Token);
                await using var stream = new NetworkStream(line);
                connected(stream);
                await stream.CopyToAsync(_bmc!, _end.Token);
            });
            connected(Stream.Null);
            await TryAsync(async () => await Task.Delay(Again, _end.Token));
        }
    }

    private static async Task TryAsync(Func<ValueTask> act)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // it is off
        }
    }
}
