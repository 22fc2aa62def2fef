using System.Buffers.Binary;
using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;
using Bootstrapper.Tests.Dhcp;
using FsCheck;
using FsCheck.Fluent;

namespace Bootstrapper.Tests.Boot;

/// <summary>What shows that firmware asks for an address from its card, and what only says so.</summary>
public sealed class FirmwareRequestTests
{
    private static readonly MacAddress Card = MacAddress.Parse("52:54:00:77:00:01", null);
    private static readonly MacAddress Other = MacAddress.Parse("52:54:00:66:66:01", null);
    private static readonly IPAddress Server = IPAddress.Parse("10.77.0.1"), Own = IPAddress.Parse("10.77.66.1");

    private static byte[] Discover { get; } = DhcpMessage.Discover(new DhcpClient(Card, Architecture: 7)).Bytes;

    [Fact]
    public void A_broadcast_from_the_card_and_from_no_address_is_the_firmwares() => Assert.Equal(
        Card, FirmwareRequest.CardIn(Frame(Card, IPAddress.Any, IPAddress.Broadcast, Discover)));

    [Fact]
    public void So_is_one_for_HTTP_and_one_that_takes_an_offer()
    {
        var http = DhcpMessage.Discover(new DhcpClient(Card, Architecture: 16, VendorClass: "HTTPClient")).Bytes;
        var takes = DhcpMessage.Take(new DhcpClient(Card, Architecture: 0), Own, Server).Bytes;
        Assert.All([http, takes], dhcp => Assert.Equal(
            Card, FirmwareRequest.CardIn(Frame(Card, IPAddress.Any, IPAddress.Broadcast, dhcp))));
    }

    /// <summary>RFC 4578 asks for the option, and PXE for the vendor class: some firmware has only one of them.</summary>
    [Theory]
    [InlineData(93, new byte[] { 0, 7 }, true)]
    [InlineData(93, new byte[] { 0, 7, 0, 16 }, true)]
    [InlineData(93, new byte[] { 7 }, false)]
    [InlineData(93, new byte[0], false)]
    [InlineData(94, new byte[] { 1, 3, 16 }, false)]
    public void So_is_one_that_names_its_processor_and_no_vendor(byte option, byte[] value, bool isFirmware)
    {
        var system = DhcpMessage.Discover(new DhcpClient(Card)).Bytes;
        byte[] dhcp = [.. system[..^1], .. DhcpMessage.Option(option, value), 255];
        Assert.Equal(
            isFirmware ? Card : null, FirmwareRequest.CardIn(Frame(Card, IPAddress.Any, IPAddress.Broadcast, dhcp)));
    }

    [Theory]
    [InlineData(false, "0.0.0.0", "255.255.255.255")]
    [InlineData(true, "10.77.66.1", "10.77.0.1")]
    [InlineData(true, "10.77.66.1", "255.255.255.255")]
    [InlineData(true, "0.0.0.0", "10.77.0.1")]
    [InlineData(true, "0.0.0.0", "10.77.255.255")]
    public void What_a_program_can_send_is_not_from_the_card(bool isOwnCard, string from, string to) => Assert.Null(
        FirmwareRequest.CardIn(Frame(isOwnCard ? Card : Other, IPAddress.Parse(from), IPAddress.Parse(to), Discover)));

    [Fact]
    public void A_broadcast_to_one_card_is_none()
    {
        var frame = Frame(Card, IPAddress.Any, IPAddress.Broadcast, Discover);
        frame[5] = 0x01;
        Assert.Null(FirmwareRequest.CardIn(frame));
    }

    [Fact]
    public void What_a_relay_passes_on_says_nothing_of_the_card_it_came_from()
    {
        byte[] relayed = [.. Discover];
        Own.GetAddressBytes().CopyTo(relayed, 24);
        Assert.Null(FirmwareRequest.CardIn(Frame(Card, IPAddress.Any, IPAddress.Broadcast, relayed)));
    }

    [Fact]
    public void What_is_no_request_of_firmware_is_nothing()
    {
        byte[] answer = [.. Discover];
        answer[0] = 2;
        var fragment = Frame(Card, IPAddress.Any, IPAddress.Broadcast, Discover);
        BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(36), 68);
        Assert.All(
            [
                Frame(Card, IPAddress.Any, IPAddress.Broadcast, DhcpMessage.Discover(new DhcpClient(Card)).Bytes),
                Frame(Card, IPAddress.Any, IPAddress.Broadcast, DhcpMessage.Decline(new DhcpClient(Card, 7), Own, Server).Bytes),
                Frame(Card, IPAddress.Any, IPAddress.Broadcast, answer),
                fragment,
                [],
            ],
            frame => Assert.Null(FirmwareRequest.CardIn(frame)));
    }

    /// <summary>Anybody on the wire sends what they like.</summary>
    [Fact]
    public void No_frame_breaks_the_reading_of_it() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        ArbMap.Default.ArbFor<NonNegativeInt>(),
        (noise, at) =>
        {
            var frame = Frame(Card, IPAddress.Any, IPAddress.Broadcast, Discover);
            var start = at.Get % frame.Length;
            noise.AsSpan(0, Math.Min(noise.Length, frame.Length - start)).CopyTo(frame.AsSpan(start));
            FirmwareRequest.CardIn(frame);
            FirmwareRequest.CardIn(frame.AsSpan(0, start));
            FirmwareRequest.CardIn(noise);
        }).QuickCheckThrowOnFailure();

    /// <summary>Ethernet II, IPv4 without options, UDP.</summary>
    internal static byte[] Frame(MacAddress sender, IPAddress from, IPAddress to, byte[] dhcp)
    {
        var frame = new byte[14 + 20 + 8 + dhcp.Length];
        frame.AsSpan(0, 6).Fill(0xff);
        Convert.FromHexString(sender.ToHyphenated().Replace("-", "", StringComparison.Ordinal)).CopyTo(frame, 6);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x0800);
        frame[14] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(16), (ushort)(frame.Length - 14));
        (frame[22], frame[23]) = (64, 17);
        from.GetAddressBytes().CopyTo(frame, 26);
        to.GetAddressBytes().CopyTo(frame, 30);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(34), 68);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(36), 67);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(38), (ushort)(8 + dhcp.Length));
        dhcp.CopyTo(frame, 42);
        return frame;
    }
}
