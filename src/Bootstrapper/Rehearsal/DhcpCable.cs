using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;

namespace Bootstrapper.Rehearsal;

/// <summary>
/// DHCP of all machines, as frames on their end of the cable: a machine without an address has no socket to ask from.
/// </summary>
internal sealed class DhcpCable : IDisposable
{
    private const int LongestQuestion = 576;

    private readonly ConcurrentDictionary<uint, TaskCompletionSource<byte[]>> _waiting = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Socket _wire;
    private readonly Task _listening;

    public DhcpCable(PlayedNetwork network)
    {
        _wire = network.OnCable(DhcpWire.OpenForClients);
        _listening = ListenAsync();
    }

    /// <summary>Asks all servers once.</summary>
    /// <param name="transaction">Nobody else's.</param>
    /// <returns>The first answer; <c>null</c> where none came in time.</returns>
    public async Task<byte[]?> AskAsync(
        MacAddress card, uint transaction, Action<DhcpWriter> question, TimeSpan patience, CancellationToken cancellation)
    {
        var answered = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[transaction] = answered;
        try
        {
            Send(card, transaction, question);
            await ((Task)answered.Task).WaitAsync(patience, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
            return answered.Task.IsCompleted ? await answered.Task : null;
        }
        finally
        {
            _waiting.TryRemove(transaction, out _);
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _wire.Dispose();
        _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        _end.Dispose();
    }

    private void Send(MacAddress card, uint transaction, Action<DhcpWriter> question)
    {
        var frame = new byte[UdpFrame.HeaderLength + LongestQuestion];
        var writer = new DhcpWriter(frame, UdpFrame.HeaderLength);
        Span<byte> octets = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(octets, card.Value);
        writer.Begin(new DhcpHeader(DhcpReader.FromClient, transaction), octets[2..], LongestQuestion);
        question(writer);
        var whole = frame.AsSpan(0, UdpFrame.HeaderLength + writer.Finish());
        UdpFrame.WriteToServers(whole, card);
        _wire.Send(whole, SocketFlags.None, out var error);
        if (error is not (SocketError.Success or SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable))
        {
            throw new SocketException((int)error); // what the cable only has no room for is lost, and asked again
        }
    }

    private async Task ListenAsync()
    {
        var frame = new byte[DhcpWire.LargestFrame];
        while (!_end.IsCancellationRequested)
        {
            for (var length = await _wire.ReceiveAsync(frame, _end.Token); length > 0; length = DhcpWire.Receive(_wire, frame))
            {
                Hear(frame.AsSpan(0, length));
            }
        }
    }

    private void Hear(ReadOnlySpan<byte> frame)
    {
        if (UdpFrame.TryRead(frame, out var datagram, UdpFrame.ClientPort)
            && DhcpReader.TryRead(datagram.Payload, out var message) && message.IsAnswer
            && _waiting.TryGetValue(message.Transaction, out var waiting))
        {
            waiting.TrySetResult(datagram.Payload.ToArray());
        }
    }
}
