using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Bootstrapper.Cluster.Keys;

/// <summary>Addresses and networks. IPv4 only: that is what firmware boots with here.</summary>
internal static class NetworkSyntax
{
    private const int LastVlan = 4094;

    private const int LeastMtu = 1280, LargestMtu = 9216;

    private const string Dotted = @"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}";

    public static readonly Syntax<IPAddress> Address =
        new("an IPv4 address such as 10.10.10.1", TryReadAddress, Pattern.Schema(Dotted));

    public static readonly Syntax<IPNetwork> Network = new(
        "a network such as 10.244.0.0/16", TryReadNetwork, Pattern.Schema(Dotted + @"/[0-9]{1,2}"))
    {
        Objection = FirstAddressObjection,
    };

    /// <summary>As sextant wrote it, <c>10.10.10.0</c> with a netmask elsewhere, or <c>10.10.10.0/24</c>.</summary>
    public static readonly Syntax<SubnetText> Subnet = new(
        "a subnet such as 10.10.10.0/24", TryReadSubnet, Pattern.Schema(Dotted + @"(?:/[0-9]{1,2})?"))
    {
        Objection = FirstAddressObjection,
    };

    /// <summary>Of a card, with the size of its network or without.</summary>
    public static readonly Syntax<SubnetText> HostAddress = new(
        "an address such as 10.10.10.11/24", TryReadSubnet, Pattern.Schema(Dotted + @"(?:/[0-9]{1,2})?"));

    /// <summary>Read as the length of the prefix.</summary>
    public static readonly Syntax<int> Netmask = new("a netmask such as 255.255.255.0", TryReadNetmask, Pattern.Schema(Dotted));

    public static readonly Syntax<MacAddress> Mac = new(
        "a MAC address such as 00:25:90:c0:f7:80",
        (string text, out MacAddress mac) => MacAddress.TryParse(text, CultureInfo.InvariantCulture, out mac),
        Pattern.Schema("[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})"))
    {
        Objection = text => MacAddress.TryParse(text, CultureInfo.InvariantCulture, out var mac) && !mac.IsUnicast
            ? "is not the address of a network card: it is all zeros or a group address"
            : null,
    };

    public static readonly Syntax<int> Port = new("a port from 1 to 65535", TryReadPort, new JsonObject
    {
        ["type"] = "integer",
        ["minimum"] = 1,
        ["maximum"] = ushort.MaxValue,
    });

    /// <summary>IEEE 802.1Q: 0 is for frames without a VLAN, and 4095 is reserved.</summary>
    public static readonly Syntax<int> Vlan = new("a VLAN number from 1 to 4094", TryReadVlan, new JsonObject
    {
        ["type"] = "integer",
        ["minimum"] = 1,
        ["maximum"] = LastVlan,
    });

    /// <summary>In bytes: from what IPv6 needs (RFC 8200, 5) to what switches commonly take at the most.</summary>
    public static readonly Syntax<int> Mtu = new("an MTU from 1280 to 9216", TryReadMtu, new JsonObject
    {
        ["type"] = "integer",
        ["minimum"] = LeastMtu,
        ["maximum"] = LargestMtu,
    });

    /// <summary>Four decimal numbers: <see cref="IPAddress"/> alone would also take <c>10.1</c> and <c>012.0.0.1</c>.</summary>
    private static bool TryReadAddress(string text, [MaybeNullWhen(false)] out IPAddress address) =>
        IPAddress.TryParse(text, out address)
            && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;

    private static bool TryReadNetwork(string text, out IPNetwork network)
    {
        network = default;
        if (!TryReadSubnet(text, out var subnet) || subnet.PrefixLength is not { } length
            || Ipv4.First(subnet.Address, length) != subnet.Address.ToNumber())
        {
            return false;
        }

        network = new IPNetwork(subnet.Address, length);
        return true;
    }

    private static bool TryReadSubnet(string text, [MaybeNullWhen(false)] out SubnetText subnet)
    {
        var parts = text.Split('/');
        var length = 0;
        subnet = TryReadAddress(parts[0], out var address)
            && (parts is [_] || (parts is [_, var bits] && TryReadLength(bits, out length)))
            ? new SubnetText(address, parts is [_] ? null : length)
            : null;
        return subnet is not null;
    }

    private static bool TryReadLength(string text, out int length) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= Ipv4.Bits;

    private static string? FirstAddressObjection(string text) =>
        TryReadSubnet(text, out var subnet) && subnet.PrefixLength is { } length
            && Ipv4.First(subnet.Address, length) != subnet.Address.ToNumber()
            ? $"must start with the first address of its network: {Ipv4.ToAddress(Ipv4.First(subnet.Address, length))}/{length}"
            : null;

    private static bool TryReadNetmask(string text, out int prefixLength)
    {
        prefixLength = 0;
        if (!TryReadAddress(text, out var mask))
        {
            return false;
        }

        prefixLength = BitOperations.LeadingZeroCount(~mask.ToNumber());
        return mask.ToNumber() == Ipv4.Mask(prefixLength);
    }

    private static bool TryReadVlan(string text, out int vlan) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out vlan) && vlan is >= 1 and <= LastVlan;

    private static bool TryReadMtu(string text, out int mtu) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out mtu) && mtu is >= LeastMtu and <= LargestMtu;

    private static bool TryReadPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= ushort.MaxValue;
}

/// <param name="PrefixLength"><c>null</c> where something else says it: a netmask, or the network that an address is in.</param>
internal sealed record SubnetText(IPAddress Address, int? PrefixLength);
