using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bootstrapper.Rehearsal;

/// <summary>One transfer as network card ROMs ask for it (RFC 1350, 2347 to 2349): block by block, each acknowledged.</summary>
internal sealed class TftpClient(Socket socket, IPAddress server)
{
    private const ushort ReadRequest = 1, Data = 3, Acknowledgement = 4, Error = 5, OptionsAcknowledged = 6;
    private const int BlockSize = 1456, HeaderLength = 4, Port = 69, AbortedByUser = 8;

    /// <summary>EDK II, PxeBcMtftp.</summary>
    private const int Tries = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly byte[] _packet = new byte[HeaderLength + BlockSize];
    private SocketAddress _peer = new IPEndPoint(server, Port).Serialize();

    /// <summary>Asks how long a file is, and breaks off, as UEFI does before it has memory for it.</summary>
    /// <returns>Whether the server said it.</returns>
    public async Task<bool> ProbeAsync(string file, Phase phase, CancellationToken cancellation)
    {
        if (await AskAsync(Request(file), OptionsAcknowledged, 0, phase, cancellation) is null)
        {
            return false;
        }

        await SendAsync(Header(Error, AbortedByUser, "User aborted the transfer\0"), cancellation);
        _peer = new IPEndPoint(server, Port).Serialize();
        return true;
    }

    /// <returns>The file; <c>null</c> where the server does not have it, or stopped answering.</returns>
    public async Task<byte[]?> FetchAsync(string file, Phase phase, CancellationToken cancellation)
    {
        using var whole = new MemoryStream();
        var last = Request(file);
        if (await AskAsync(last, OptionsAcknowledged, 0, phase, cancellation) is null)
        {
            return null;
        }

        for (ushort block = 1; ; block++)
        {
            last = Header(Acknowledgement, (ushort)(block - 1));
            if (await AskAsync(last, Data, block, phase, cancellation) is not { } length)
            {
                return null;
            }

            whole.Write(_packet.AsSpan(HeaderLength, length - HeaderLength));
            if (length < _packet.Length)
            {
                await SendAsync(Header(Acknowledgement, block), cancellation);
                return whole.ToArray();
            }
        }
    }

    private static byte[] Request(string file) =>
        Header(ReadRequest, Encoding.ASCII.GetBytes($"{file}\0octet\0tsize\00\0blksize\0{BlockSize}\0"));

    private static byte[] Header(ushort operation, ushort number, string text = "")
    {
        var octets = new byte[sizeof(ushort) + text.Length];
        BinaryPrimitives.WriteUInt16BigEndian(octets, number);
        Encoding.ASCII.GetBytes(text, octets.AsSpan(sizeof(ushort)));
        return Header(operation, octets);
    }

    private static byte[] Header(ushort operation, ReadOnlySpan<byte> rest) => [(byte)(operation >> 8), (byte)operation, .. rest];

    /// <summary>Says something until the answer to it comes.</summary>
    /// <returns>Its length, in <see cref="_packet"/>; <c>null</c> for an error, or none.</returns>
    private async Task<int?> AskAsync(
        byte[] packet, ushort wanted, ushort block, Phase phase, CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            await SendAsync(packet, cancellation);
            if (await HearAsync(wanted, block, cancellation) is { } heard)
            {
                return heard > 0 ? heard : null;
            }

            phase.Retry();
        }

        return null;
    }

    /// <returns>The length of the answer; 0 for an error, <c>null</c> for none in time.</returns>
    private async Task<int?> HearAsync(ushort wanted, ushort block, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(Patience);
        try
        {
            while (true)
            {
                var from = new SocketAddress(AddressFamily.InterNetwork);
                var length = await socket.ReceiveFromAsync(_packet, SocketFlags.None, from, end.Token);
                var (operation, number) = (Number(0), Number(sizeof(ushort)));
                if (operation == Error)
                {
                    return 0;
                }

                if (operation == wanted && (wanted == OptionsAcknowledged || number == block))
                {
                    _peer = from; // a transfer has a port of its own
                    return length;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (SocketException)
        {
            return null; // nobody listens there just now
        }
    }

    private async Task SendAsync(byte[] packet, CancellationToken cancellation)
    {
        try
        {
            await socket.SendToAsync(packet, SocketFlags.None, _peer, cancellation);
        }
        catch (SocketException)
        {
            // as if it had been lost
        }
    }

    private ushort Number(int at) => BinaryPrimitives.ReadUInt16BigEndian(_packet.AsSpan(at));
}
