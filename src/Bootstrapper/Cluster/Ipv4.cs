using System.Buffers.Binary;
using System.Net;

namespace Bootstrapper.Cluster;

/// <summary>IPv4 addresses as the 32-bit numbers they are, so that they can be compared and counted.</summary>
internal static class Ipv4
{
    public const int Bits = 32;

    public static uint ToNumber(this IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    public static IPAddress ToAddress(uint number)
    {
        Span<byte> octets = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(octets, number);
        return new IPAddress(octets);
    }

    public static uint Mask(int prefixLength) => prefixLength == 0 ? 0 : uint.MaxValue << (Bits - prefixLength);

    /// <summary>The first address of the network of that size that <paramref name="address"/> lies in.</summary>
    public static uint First(IPAddress address, int prefixLength) => address.ToNumber() & Mask(prefixLength);

    /// <summary>The broadcast address, where nobody chose another.</summary>
    public static IPAddress Last(this IPNetwork network) =>
        ToAddress(network.BaseAddress.ToNumber() | ~Mask(network.PrefixLength));

    public static bool Overlaps(this IPNetwork network, IPNetwork other) =>
        network.Contains(other.BaseAddress) || other.Contains(network.BaseAddress);
}
