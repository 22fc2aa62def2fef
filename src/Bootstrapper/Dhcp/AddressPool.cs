using System.Numerics;
using Bootstrapper.Cluster;
using Bootstrapper.Rendering.Services;

namespace Bootstrapper.Dhcp;

/// <summary>
/// Which addresses of a pool are free. To find one takes as long in a full pool as in an empty one, near enough.
/// </summary>
internal sealed class AddressPool(DhcpPool pool)
{
    private const int Bits = 64;

    /// <summary>A bit for each address, set where it is taken; those behind the last are.</summary>
    private readonly ulong[] _taken = Behind(pool.Count);

    /// <summary>
    /// Addresses that are kept for a while for who was offered them, and for nobody because somebody else is said to have them;
    /// by when that ends. Some of it is over before.
    /// </summary>
    public Queue<AddressHold> Offered { get; } = new();

    /// <inheritdoc cref="Offered"/>
    public Queue<AddressHold> Declined { get; } = new();

    public uint First => pool.First;

    public uint Count => pool.Count;

    public bool IsForNodes => pool.IsForNodes;

    /// <summary>How long an address of it is leased; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</summary>
    public TimeSpan Lease => pool.Time;

    public bool Contains(uint address) => pool.Contains(address);

    public bool IsFree(uint address) => Contains(address) && (Word(address) & Bit(address)) == 0;

    public void Take(uint address)
    {
        if (Contains(address))
        {
            Word(address) |= Bit(address);
        }
    }

    public void Free(uint address)
    {
        if (Contains(address))
        {
            Word(address) &= ~Bit(address);
        }
    }

    /// <param name="wish">
    /// Any number; the same one finds the same address for as long as that is free, so that a machine that comes back gets it
    /// again.
    /// </param>
    /// <returns><c>null</c> where all are taken.</returns>
    public uint? FindFree(ulong wish)
    {
        var start = (uint)(wish % pool.Count);
        if (IsFree(pool.First + start))
        {
            return pool.First + start;
        }

        for (int i = 0, word = (int)(start / Bits); i < _taken.Length; i++, word = (word + 1) % _taken.Length)
        {
            if (_taken[word] != ulong.MaxValue)
            {
                return pool.First + (uint)((word * Bits) + BitOperations.TrailingZeroCount(~_taken[word]));
            }
        }

        return null;
    }

    private ref ulong Word(uint address) => ref _taken[(address - pool.First) / Bits];

    private ulong Bit(uint address) => 1UL << (int)((address - pool.First) % Bits);

    private static ulong[] Behind(uint count)
    {
        var taken = new ulong[(count + Bits - 1) / Bits];
        if (count % Bits != 0)
        {
            taken[^1] = ulong.MaxValue << (int)(count % Bits);
        }

        return taken;
    }
}

/// <param name="Card">For which it is kept; none for an address that was declined.</param>
/// <param name="Until">In Unix seconds.</param>
internal sealed record AddressHold(uint Address, MacAddress Card, long Until);
