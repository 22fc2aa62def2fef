namespace Bootstrapper.Boot;

/// <summary>
/// Network cards that ask for an address and say none of their own: InfiniBand's, which go by the client identifier alone
/// (RFC 4390). dnsmasq answers nobody who says neither, and of the two we have it leave the identifier aside.
/// </summary>
internal sealed class UnansweredCards(TimeProvider time)
{
    /// <summary>A machine that gets no answer asks again, if only at its next start.</summary>
    private static readonly TimeSpan Recently = TimeSpan.FromMinutes(10);

    /// <summary>What dnsmasq writes in the place of the address, and behind it (rfc2131.c).</summary>
    private const string Mark = " <null> no unique-id";

    /// <summary>By the clock that runs evenly; <c>null</c> where none asked. Boxed: it is read while it is written.</summary>
    private volatile object? _last;

    /// <summary>For people; <c>null</c> where none asked of late.</summary>
    public string? Problem => _last is long last && time.GetElapsedTime(last) < Recently
        ? "a network card without an Ethernet address (InfiniBand) asks for an address and gets no answer: "
            + "have another DHCP server answer it, with dhcp: proxy or off"
        : null;

    /// <summary>One asked just now.</summary>
    public void Note() => _last = time.GetTimestamp();

    /// <param name="line">Of dnsmasq's log.</param>
    public void Hear(ReadOnlySpan<char> line)
    {
        if (line.TrimEnd().EndsWith(Mark, StringComparison.Ordinal))
        {
            Note();
        }
    }
}
