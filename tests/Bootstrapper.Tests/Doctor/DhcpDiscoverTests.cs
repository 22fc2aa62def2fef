using System.Net;
using System.Net.NetworkInformation;
using Bootstrapper.Doctor;

namespace Bootstrapper.Tests.Doctor;

/// <summary>Answers from the wire, of which none may be believed to be whole.</summary>
public sealed class DhcpDiscoverTests
{
    private const uint Transaction = 0x12345678;

    [Fact]
    public void An_offer_is_read() => Assert.Equal(
        new DhcpOffer(IPAddress.Parse("10.0.0.9"), IPAddress.Parse("10.0.0.100"), HasBootFile: true),
        DhcpDiscover.ReadOffer(Offer([54, 4, 10, 0, 0, 9, 67, 1, (byte)'x', 255]), Transaction));

    [Theory]
    [InlineData(new byte[] { 255 })]
    [InlineData(new byte[] { 54, 4, 10 })]
    [InlineData(new byte[] { 53, 200, 1 })]
    [InlineData(new byte[] { 0, 0, 0 })]
    [InlineData(new byte[0])]
    public void An_answer_that_names_no_server_or_is_cut_off_is_passed_over(byte[] options) =>
        Assert.Null(DhcpDiscover.ReadOffer(Offer(options), Transaction));

    [Fact]
    public void The_answer_to_somebody_else_is_passed_over() =>
        Assert.Null(DhcpDiscover.ReadOffer(Offer([54, 4, 10, 0, 0, 9, 255]), Transaction + 1));

    [Fact]
    public void A_question_is_no_answer() => Assert.Null(DhcpDiscover.ReadOffer(Question(), Transaction));

    private static byte[] Question() => DhcpDiscover.Message(Transaction, PhysicalAddress.Parse("02-00-00-00-00-01"));

    private static byte[] Offer(byte[] options)
    {
        byte[] message = [.. Question().AsSpan(0, 240), .. options];
        message[0] = 2;
        IPAddress.Parse("10.0.0.100").GetAddressBytes().CopyTo(message, 16);
        return message;
    }
}
