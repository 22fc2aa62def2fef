using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Bootstrapper.Cluster;
using Microsoft.Win32.SafeHandles;

namespace Bootstrapper.Inventory.Addresses;

/// <summary>
/// Asks the kernel for one address in its table of neighbours (rtnetlink(7), RTM_GETNEIGH). To read the whole table, of a
/// thousand machines, takes longer than all else that answers one of them. Nothing is kept from one question to the next.
/// </summary>
/// <param name="interfaces">The kernel's numbers of all interfaces: it is asked for each.</param>
internal sealed partial class NeighbourQuery(Func<IEnumerable<int>> interfaces) : IDisposable
{
    /// <summary>Interfaces asked for in one message, so that the answers have room where they wait.</summary>
    private const int AtOnce = 64;

    private const int HeaderLength = 16, NeighbourLength = 12, AttributeHeader = 4, RequestLength = 36; // with an IPv4 address

    private const int Netlink = 16, Raw = 3, CloseOnExec = 0x80000, DontWait = 0x40; // AF_NETLINK, SOCK_RAW, …
    private const ushort Error = 2, NewNeighbour = 28, GetNeighbour = 30, Request = 1; // NLMSG_ERROR, RTM_…, NLM_F_REQUEST
    private const byte Inet = 2; // AF_INET
    private const ushort Address = 1, Card = 2; // NDA_DST, NDA_LLADDR
    private const int NoEntry = -2, NoInterface = -19; // ENOENT, ENODEV

    /// <summary>
    /// States in which an entry has an answer in it: NUD_VALID but for NUD_NOARP, as <c>/proc/net/arp</c> has it (ATF_COM).
    /// </summary>
    private const int Complete = 0x02 | 0x04 | 0x08 | 0x10 | 0x80;

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _kernel = Open(Netlink, Raw | CloseOnExec, protocol: 0);
    private readonly byte[] _answer = new byte[4096];

    /// <summary>The number of the last question: an answer has it, too.</summary>
    private uint _asked;

    /// <returns>Once for each interface; <c>null</c> where the kernel does not tell.</returns>
    public IReadOnlyList<MacAddress>? Find(IPAddress address)
    {
        var cards = new List<MacAddress>();
        lock (_gate)
        {
            return address.AddressFamily != AddressFamily.InterNetwork
                || interfaces().Chunk(AtOnce).All(some => TryAsk(some, address, cards))
                ? cards
                : null;
        }
    }

    public void Dispose() => _kernel.Dispose();

    private bool TryAsk(int[] some, IPAddress address, List<MacAddress> cards)
    {
        var request = new byte[some.Length * RequestLength];
        for (var i = 0; i < some.Length; i++)
        {
            Write(request.AsSpan(i * RequestLength), ++_asked, some[i], address);
        }

        var isSent = !_kernel.IsInvalid && Send(_kernel, request, request.Length, flags: 0) == request.Length;
        var left = isSent ? some.Length : -1;
        while (left > 0)
        {
            // All answers are there when the question has been sent: one that is missing was lost for want of room.
            var length = Receive(_kernel, _answer, _answer.Length, DontWait);
            left = length > 0 ? TryTake(_answer.AsSpan(0, (int)length), oldest: _asked - (uint)some.Length + 1, left, cards) : -1;
        }

        return left == 0;
    }

    private static void Write(Span<byte> request, uint number, int index, IPAddress address)
    {
        MemoryMarshal.Write(request, RequestLength);
        MemoryMarshal.Write(request[4..], GetNeighbour);
        MemoryMarshal.Write(request[6..], Request);
        MemoryMarshal.Write(request[8..], number);
        request[HeaderLength] = Inet;
        MemoryMarshal.Write(request[(HeaderLength + 4)..], index);
        var attribute = request[(HeaderLength + NeighbourLength)..];
        MemoryMarshal.Write(attribute, (ushort)(AttributeHeader + 4));
        MemoryMarshal.Write(attribute[2..], Address);
        address.TryWriteBytes(attribute[AttributeHeader..], out _);
    }

    /// <param name="oldest">Answers to questions before this one are left over from one that failed.</param>
    /// <returns>How many answers are to come; less than 0 where the kernel does not tell.</returns>
    private static int TryTake(ReadOnlySpan<byte> answers, uint oldest, int left, List<MacAddress> cards)
    {
        while (left > 0 && answers.Length >= HeaderLength)
        {
            var answer = answers[..Math.Clamp(MemoryMarshal.Read<int>(answers), HeaderLength, answers.Length)];
            answers = answers[Math.Min((answer.Length + 3) & ~3, answers.Length)..];
            if (MemoryMarshal.Read<uint>(answer[8..]) >= oldest)
            {
                left = IsUnderstood(answer, cards) ? left - 1 : -1;
            }
        }

        return left;
    }

    private static bool IsUnderstood(ReadOnlySpan<byte> answer, List<MacAddress> cards)
    {
        var type = MemoryMarshal.Read<ushort>(answer[4..]);
        var said = answer[HeaderLength..];
        if (type == NewNeighbour && said.Length >= NeighbourLength)
        {
            if ((MemoryMarshal.Read<ushort>(said[8..]) & Complete) != 0 && CardIn(said[NeighbourLength..]) is { } card)
            {
                cards.Add(card);
            }

            return true;
        }

        return type == Error && said.Length >= sizeof(int) && MemoryMarshal.Read<int>(said) is NoEntry or NoInterface;
    }

    private static MacAddress? CardIn(ReadOnlySpan<byte> attributes)
    {
        while (attributes.Length >= AttributeHeader)
        {
            var length = Math.Clamp(MemoryMarshal.Read<ushort>(attributes), AttributeHeader, attributes.Length);
            if (MemoryMarshal.Read<ushort>(attributes[2..]) == Card)
            {
                return length == AttributeHeader + 6 ? MacAddress.Of(attributes[AttributeHeader..]) : null; // InfiniBand's has 20
            }

            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }

        return null;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Send(SafeFileHandle socket, ReadOnlySpan<byte> message, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Receive(SafeFileHandle socket, Span<byte> message, nint length, int flags);
}
