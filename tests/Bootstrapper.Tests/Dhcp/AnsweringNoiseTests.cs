using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;
using Bootstrapper.Tests.Boot;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>Anybody on the wire sends our DHCP server what they like.</summary>
public sealed class AnsweringNoiseTests
{
    private const int Frames = 50_000, Cards = 40;

    private static readonly IPAddress Fixed = IPAddress.Parse("10.88.0.10");

    /// <summary>
    /// Requests of all kinds from a few cards, each with some octets changed: none throws, and no answer gives an address that
    /// another card has, or that is kept for one.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_comes_nothing_breaks_and_nobody_is_given_anothers_address(int seed)
    {
        var random = new Random(seed);
        var answers = new Answers(Answers.Cluster(Answers.Node(1, $"{Fixed}"), Answers.Node(2), Answers.Node(3)));
        for (var i = 0; i < Frames; i++)
        {
            var frame = Mutate(Question(random), random);
            var holders = answers.Leases.All.ToDictionary(lease => lease.Address);
            if (answers.To(frame) is { } answer)
            {
                AssertSound(answer, holders);
            }

            if (i % 100 == 0)
            {
                answers.Advance(TimeSpan.FromSeconds(random.Next(60)));
            }
        }

        Assert.InRange(answers.Leases.All.Count(), 1, 101);
        Assert.Equal(answers.Leases.All.Count(), answers.Leases.All.Select(lease => lease.Card).Distinct().Count());
    }

    [Fact]
    public void A_flood_of_cards_that_somebody_makes_up_keeps_no_node_from_its_address_and_no_memory()
    {
        var answers = new Answers(Answers.Cluster(Answers.Node(1, $"{Fixed}"), Answers.Node(2)));
        for (var i = 100; i < 100_000; i++)
        {
            answers.Offered(i);
            if (i % 3 == 0)
            {
                answers.To(DhcpMessage.Take(
                    new DhcpClient(Answers.Mac(i)), IPAddress.Parse("10.88.0.180"), IPAddress.Parse("10.9.9.9")));
            }
        }

        Assert.Equal(Fixed, answers.Take(1)!.YourAddress);
        Assert.InRange(answers.Take(2)!.YourAddress.GetAddressBytes()[3], 100, 174);
        Assert.InRange(answers.Take(99)!.YourAddress.GetAddressBytes()[3], 175, 199);
    }

    private static void AssertSound(DhcpMessage answer, Dictionary<uint, DhcpLease> holders)
    {
        var (address, card) = (answer.YourAddress, MacAddress.Of(answer.Bytes.AsSpan(28)));
        Assert.InRange(answer.Bytes.Length, 300, 1472);
        if (address.Equals(IPAddress.Any))
        {
            return;
        }

        Assert.True(!address.Equals(Fixed) || card == Answers.Mac(1), $"{card} is given {address}");
        Assert.True(
            !holders.TryGetValue(address.ToNumber(), out var holder) || holder.Card == card, $"{card} is given {holder}");
        Assert.InRange(address.GetAddressBytes()[3], address.Equals(Fixed) ? 10 : 100, 199);
    }

    private static byte[] Question(Random random)
    {
        var client = new DhcpClient(Answers.Mac(1 + random.Next(Cards)), random.Next(3) switch { 0 => null, 1 => 0, _ => 7 });
        var address = new IPAddress([10, 88, 0, (byte)random.Next(256)]);
        var question = random.Next(8) switch
        {
            0 or 1 => DhcpMessage.Discover(client),
            2 => DhcpMessage.Discover(client with { More = [80, 0] }),
            3 => DhcpMessage.Take(client, address, Answers.Server),
            4 => DhcpMessage.Renew(client, address),
            5 => DhcpMessage.Reboot(client, address),
            6 => DhcpMessage.Decline(client, address, Answers.Server),
            _ => DhcpMessage.Release(client, address, Answers.Server),
        };
        return FirmwareRequestTests.Frame(
            client.Mac, IPAddress.Any, random.Next(2) == 0 ? IPAddress.Broadcast : Answers.Server, question.Bytes);
    }

    private static byte[] Mutate(byte[] frame, Random random)
    {
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            frame[random.Next(frame.Length)] = (byte)random.Next(256);
        }

        return random.Next(10) == 0 ? frame[..random.Next(frame.Length)] : frame;
    }
}
