using System.Net.Sockets;
using System.Threading.Channels;
using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;
using Bootstrapper.Host;

namespace Bootstrapper.Boot;

/// <summary>
/// Reads what comes in on the wire for DHCP servers, on a thread of its own: where the runtime waits for a socket, it wakes up
/// for each frame, whether anybody reads or not, and in a boot storm many come at once.
/// </summary>
internal sealed class DhcpFrames : IDisposable
{
    /// <summary>How long frames gather before they are read.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the thread stays after the end, at most, where nothing comes.</summary>
    private static readonly TimeSpan LookForEnd = TimeSpan.FromSeconds(10);

    /// <summary>Cards that nobody has looked at yet; firmware asks again.</summary>
    private const int MostCards = 10_000;

    private readonly Channel<MacAddress> _cards = Channel.CreateBounded<MacAddress>(
        new BoundedChannelOptions(MostCards) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Func<MacAddress, bool> _isWanted;
    private readonly Bell _bell;
    private volatile bool _isOver;

    /// <param name="isWanted">Asked on the thread that reads.</param>
    /// <param name="bell">Rings when there is a card, and at the end.</param>
    /// <exception cref="SocketException">Rights are lacking, or the interface is gone.</exception>
    public DhcpFrames(int interfaceIndex, Func<MacAddress, bool> isWanted, Bell bell)
    {
        (_isWanted, _bell) = (isWanted, bell);
        var wire = DhcpWire.Open(interfaceIndex);
        _ = Task.Factory.StartNew(
            () => ReadAll(wire), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>
    /// Wanted ones whose firmware asks for an address. Ends with the reason when the interface is down, or gone.
    /// </summary>
    public ChannelReader<MacAddress> Cards => _cards.Reader;

    public void Dispose() => _isOver = true;

    private void ReadAll(Socket wire)
    {
        try
        {
            using var _ = wire;
            Read(wire);
            _cards.Writer.TryComplete();
        }
#pragma warning disable CA1031 // Whatever it is, who waits for cards is told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _cards.Writer.TryComplete(e);
        }

        _bell.Ring();
    }

    private void Read(Socket wire)
    {
        var frame = new byte[DhcpWire.LargestFrame];
        while (!_isOver)
        {
            wire.Poll(LookForEnd, SelectMode.SelectRead); // which does not say that the interface is down: to receive does
            if (ReadWhatCame(wire, frame))
            {
                Thread.Sleep(Gather);
            }
        }
    }

    /// <returns>Whether anything had come.</returns>
    private bool ReadWhatCame(Socket wire, byte[] frame)
    {
        var came = false;
        while (!_isOver && DhcpWire.Receive(wire, frame) is > 0 and var length)
        {
            came = true;
            if (FirmwareRequest.CardIn(frame.AsSpan(0, length)) is { } card && _isWanted(card))
            {
                _cards.Writer.TryWrite(card);
                _bell.Ring();
            }
        }

        return came;
    }
}
