using System.Buffers.Binary;
using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>What our own DHCP server says to whom (RFC 2131, 4.3).</summary>
public sealed class AnsweringTests
{
    private const int Offer = 2, Ack = 5, Nak = 6;

    private static readonly IPAddress Fixed = IPAddress.Parse("10.88.0.10"), Foreign = IPAddress.Parse("192.168.7.7"),
        Relay = IPAddress.Parse("10.88.0.2");

    private static readonly DhcpClient One = new(Answers.Mac(1)), Two = new(Answers.Mac(2)), Stranger = new(Answers.Mac(9));

    private readonly Answers _answers = new(Answers.Cluster(Answers.Node(1), Answers.Node(2, "10.88.0.10")));

    [Fact]
    public void A_node_has_its_fixed_address_and_all_that_goes_with_it()
    {
        var offer = _answers.To(DhcpMessage.Discover(Two))!;
        Assert.Equal((Offer, Fixed), (offer.Type, offer.YourAddress));
        var ack = _answers.To(DhcpMessage.Take(Two, Fixed, Answers.Server))!;
        Assert.Equal((Ack, Fixed, TimeSpan.FromHours(24)), (ack.Type, ack.YourAddress, ack.Lease));
        Assert.Equal(Answers.Server.GetAddressBytes(), ack.Options[54]);
        Assert.Equal(IPAddress.Parse("255.255.255.0").GetAddressBytes(), ack.Options[1]);
        Assert.Equal(IPAddress.Parse("10.88.0.255").GetAddressBytes(), ack.Options[28]);
        Assert.Equal(Answers.Server.GetAddressBytes(), ack.Options[6]);
        Assert.Equal("n2"u8.ToArray(), ack.Options[12]);
        Assert.Equal("lab.test"u8.ToArray(), ack.Options[15]);
        Assert.DoesNotContain((byte)3, ack.Options.Keys);
        Assert.True(Seconds(ack, 58) < Seconds(ack, 59) && Seconds(ack, 59) < Seconds(ack, 51));
    }

    [Fact]
    public void What_is_promised_of_a_pool_is_to_be_on_disk_first_and_what_the_description_says_is_not()
    {
        _answers.Take(2);
        Assert.False(_answers.Last!.Value.Answer.IsToBeKept);
        _answers.Take(1);
        Assert.True(_answers.Last!.Value.Answer.IsToBeKept);
    }

    [Fact]
    public void Who_takes_another_servers_offer_gets_no_answer_and_its_address_is_free()
    {
        var offered = _answers.Offered(9)!;
        Assert.Null(_answers.To(DhcpMessage.Take(Stranger, offered, Foreign)));
        Assert.Equal(Ack, _answers.To(DhcpMessage.Take(new DhcpClient(Answers.Mac(8)), offered, Answers.Server))!.Type);
    }

    [Fact]
    public void Whoever_comes_back_with_an_address_that_is_not_theirs_is_refused()
    {
        var own = _answers.Take(1)!.YourAddress;
        Assert.Equal(Ack, _answers.To(DhcpMessage.Reboot(One, own))!.Type);
        AssertRefused("wrong address", DhcpMessage.Reboot(One, Foreign));
        AssertRefused("wrong network", DhcpMessage.Reboot(Stranger, Foreign));
        AssertRefused("wrong network", DhcpMessage.Reboot(Stranger, Answers.Server));
        AssertRefused("address not available", DhcpMessage.Reboot(Stranger, IPAddress.Parse("10.88.0.77")));
        AssertRefused("address not available", DhcpMessage.Reboot(Stranger, IPAddress.Parse("10.88.0.100")));
        AssertRefused("address reserved", DhcpMessage.Reboot(Stranger, Fixed));
        AssertRefused("address in use", DhcpMessage.Reboot(new DhcpClient(Answers.Mac(8)), _answers.Take(9)!.YourAddress));
    }

    [Fact]
    public void An_address_that_was_declined_is_not_to_be_had_by_asking_for_it_again()
    {
        var own = _answers.Take(1)!.YourAddress;
        _answers.To(DhcpMessage.Decline(One, own, Answers.Server));
        AssertRefused("address in use", DhcpMessage.Reboot(One, own));
        Assert.NotEqual(own, _answers.Offered(1));
        _answers.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(Ack, _answers.To(DhcpMessage.Reboot(One, own))!.Type);
    }

    [Fact]
    public void A_refusal_goes_to_all_and_names_no_address()
    {
        var refusal = _answers.To(DhcpMessage.Reboot(Stranger, Foreign))!;
        Assert.Equal((IPAddress.Any, IPAddress.Any), (refusal.YourAddress, refusal.NextServer));
        Assert.Equal(0x80, refusal.Bytes[10]);
        Assert.Equal(new Destination(UdpFrame.Everybody, 0, null), _answers.Last!.Value.To);
    }

    [Fact]
    public void Who_renews_keeps_the_address_also_where_we_forgot_it()
    {
        var own = _answers.Take(1)!.YourAddress;
        var renewed = _answers.To(DhcpMessage.Renew(One, own), Answers.Server)!;
        Assert.Equal((Ack, own), (renewed.Type, renewed.YourAddress));
        Assert.Equal(new Destination(own.ToNumber(), 68, null), _answers.Last!.Value.To);
        var forgetful = new Answers(Answers.Cluster(Answers.Node(1)));
        Assert.Equal(Ack, forgetful.To(DhcpMessage.Renew(One, own), Answers.Server)!.Type);
    }

    [Fact]
    public void Who_renews_what_is_not_theirs_is_told_so_where_it_asks_us_and_left_to_others_where_it_asks_all()
    {
        _answers.Take(1);
        var other = IPAddress.Parse("10.88.0.150");
        Assert.Null(_answers.To(DhcpMessage.Renew(One, other)));
        Assert.Equal("lease not found", _answers.To(DhcpMessage.Renew(One, other), Answers.Server)!.Reason);
    }

    [Fact]
    public void A_node_whose_address_was_changed_hears_of_it_when_it_renews()
    {
        _answers.Take(2);
        _answers.Describe(Answers.Cluster(Answers.Node(1), Answers.Node(2, "10.88.0.20")));
        Assert.Equal(Nak, _answers.To(DhcpMessage.Renew(Two, Fixed), Answers.Server)!.Type);
        Assert.Equal(IPAddress.Parse("10.88.0.20"), _answers.Take(2)!.YourAddress);
    }

    [Fact]
    public void A_node_that_got_a_fixed_address_leaves_the_pool_when_it_renews()
    {
        var before = _answers.Take(1)!.YourAddress;
        _answers.Describe(Answers.Cluster(Answers.Node(1, "10.88.0.30")));
        Assert.Equal("static lease available", _answers.To(DhcpMessage.Renew(One, before), Answers.Server)!.Reason);
        Assert.Equal(IPAddress.Parse("10.88.0.30"), _answers.Take(1)!.YourAddress);
        Assert.Null(_answers.Leases.Find(before));
    }

    [Fact]
    public void An_address_that_was_given_back_or_is_over_is_anybodys()
    {
        var first = _answers.Take(9)!.YourAddress;
        _answers.To(DhcpMessage.Release(Stranger, first, Answers.Server), Answers.Server);
        Assert.Null(_answers.Leases.Find(first));
        _answers.Take(9);
        _answers.Advance(TimeSpan.FromSeconds(121));
        Assert.Null(_answers.Leases.Find(first));
        Assert.Equal(Ack, _answers.To(DhcpMessage.Reboot(new DhcpClient(Answers.Mac(8)), first))!.Type);
    }

    /// <summary>Leases are looked through when the next of them is over, whichever that is.</summary>
    [Fact]
    public void Each_lease_is_over_in_its_time_whichever_was_given_first()
    {
        byte[] Seconds(byte minutes) => DhcpMessage.Option(51, [0, 0, 0, (byte)(60 * minutes)]);
        DhcpClient Asking(int number, byte minutes) => new(Answers.Mac(number)) { More = Seconds(minutes) };
        void Take(DhcpClient client) => _answers.To(DhcpMessage.Take(
            client, _answers.To(DhcpMessage.Discover(client))!.YourAddress, Answers.Server));

        var numbers = new[] { 1, 3, 4 };
        var cluster = Answers.Cluster([.. numbers.Select(number => Answers.Node(number))]);
        _answers.Describe(cluster);
        Take(Asking(1, minutes: 4));
        Take(Asking(3, minutes: 2));
        Take(Asking(4, minutes: 3));
        _answers.Advance(TimeSpan.FromMinutes(1));
        Take(Asking(3, minutes: 4)); // it renews: over after five
        Assert.Equal([1, 3, 4], Left());
        _answers.Advance(TimeSpan.FromMinutes(1.5));
        Assert.Equal([1, 3, 4], Left());
        _answers.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([1, 3], Left());
        _answers.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([3], Left());
        _answers.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(Left());

        IEnumerable<int> Left() =>
            numbers.Where(number => _answers.Leases.All.Any(lease => lease.Card == Answers.Mac(number)));
    }

    [Fact]
    public void Nobody_gives_back_what_is_anothers()
    {
        var own = _answers.Take(9)!.YourAddress;
        _answers.To(DhcpMessage.Release(new DhcpClient(Answers.Mac(8)), own, Answers.Server), Answers.Server);
        Assert.Equal(Answers.Mac(9), _answers.Leases.Find(own));
    }

    [Fact]
    public void Who_gives_back_to_another_server_keeps_what_it_has_from_us()
    {
        var own = _answers.Take(9)!.YourAddress;
        _answers.To(DhcpMessage.Release(Stranger, own, Foreign), Answers.Server);
        Assert.Equal(Answers.Mac(9), _answers.Leases.Find(own));
        _answers.To(DhcpMessage.Release(Stranger, own, Answers.Server), Answers.Server);
        Assert.Null(_answers.Leases.Find(own));
    }

    [Fact]
    public void A_declined_address_is_left_alone_for_a_while()
    {
        _answers.Take(2);
        _answers.To(DhcpMessage.Decline(Two, Fixed, Answers.Server));
        Assert.NotEqual(Fixed, _answers.Offered(2));
        _answers.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(Fixed, _answers.Offered(2));

        var own = _answers.Take(9)!.YourAddress;
        _answers.To(DhcpMessage.Decline(Stranger, own, Answers.Server));
        Assert.NotEqual(own, _answers.Offered(9));
    }

    /// <summary>Anybody could take a pool out of use otherwise, or a node's address from it, and be offered one alone.</summary>
    [Fact]
    public void Nobody_declines_what_they_were_not_given()
    {
        var (leased, own, offered) = (_answers.Take(9)!.YourAddress, _answers.Take(8)!.YourAddress, _answers.Offered(7)!);
        var free = Enumerable.Range(175, 25).Select(last => IPAddress.Parse($"10.88.0.{last}"))
            .First(address => !new[] { leased, own, offered }.Contains(address));
        foreach (var (number, others) in new[] { 7, 8 }.SelectMany(_ => new[] { leased, free, Fixed }, ValueTuple.Create))
        {
            _answers.To(DhcpMessage.Decline(new DhcpClient(Answers.Mac(number)), others, Answers.Server));
        }

        Assert.Equal(Ack, _answers.To(DhcpMessage.Reboot(Stranger, leased))!.Type);
        Assert.Equal(Ack, _answers.To(DhcpMessage.Reboot(new DhcpClient(Answers.Mac(6)), free))!.Type);
        Assert.Equal(Fixed, _answers.Take(2)!.YourAddress);
    }

    [Fact]
    public void A_pool_has_a_declined_address_again_when_its_time_is_over()
    {
        var all = TakeAll(from: 1000);
        Assert.InRange(all, 20, 100);
        _answers.To(DhcpMessage.Decline(
            new DhcpClient(Answers.Mac(1000)), _answers.Take(1000)!.YourAddress, Answers.Server));
        _answers.Advance(TimeSpan.FromDays(2));
        Assert.Equal(all, TakeAll(from: 2000));

        int TakeAll(int from)
        {
            var taken = 0;
            while (_answers.Take(from + taken) is not null)
            {
                taken++;
            }

            return taken;
        }
    }

    /// <summary>A relay, and nobody else, reads there how the client hears it (RFC 2131, 4.1).</summary>
    [Theory]
    [InlineData(0x80)]
    [InlineData(0)]
    public void An_answer_says_as_the_question_did_whether_its_client_hears_nothing_but_broadcasts(byte flag)
    {
        var question = DhcpMessage.Discover(Two);
        question.Bytes[10] = flag;
        Assert.Equal(flag, _answers.To(question)!.Bytes[10]);
    }

    [Fact]
    public void Who_only_asks_what_else_there_is_gets_no_address()
    {
        var told = _answers.To(DhcpMessage.Inform(Two, Fixed), Answers.Server)!;
        Assert.Equal((Ack, IPAddress.Any), (told.Type, told.YourAddress));
        Assert.DoesNotContain((byte)51, told.Options.Keys);
        Assert.Equal("lab.test"u8.ToArray(), told.Options[15]);
        Assert.Null(_answers.To(DhcpMessage.Inform(Two, Foreign), Answers.Server));
    }

    [Fact]
    public void Who_wants_it_at_once_gets_it_at_once()
    {
        var ack = _answers.To(DhcpMessage.Discover(Two with { More = [80, 0] }))!;
        Assert.Equal((Ack, Fixed), (ack.Type, ack.YourAddress));
        Assert.Contains((byte)80, ack.Options.Keys);
        Assert.Equal(Answers.Mac(2), _answers.Leases.Find(Fixed));
    }

    [Fact]
    public void A_relay_gets_the_answer_and_what_it_added()
    {
        byte[] added = [82, 4, 1, 2, 7, 7];
        var question = DhcpMessage.Discover(Two with { More = added });
        Relay.GetAddressBytes().CopyTo(question.Bytes, 24);
        var offer = _answers.To(question, Answers.Server)!;
        Assert.Equal(added[2..], offer.Options[82]);
        Assert.Equal(Relay.GetAddressBytes(), offer.Bytes[24..28]);
        Assert.Equal(new Destination(Relay.ToNumber(), 67, null), _answers.Last!.Value.To);
        Foreign.GetAddressBytes().CopyTo(question.Bytes, 24);
        Assert.Null(_answers.To(question, Answers.Server));
    }

    [Fact]
    public void What_a_client_says_of_itself_comes_back_where_it_must()
    {
        var client = new DhcpClient(Answers.Mac(2), Architecture: 7) { Identifier = [0, 1, 2, 3] };
        var offer = _answers.To(DhcpMessage.Discover(client))!;
        Assert.Equal(client.Identifier, offer.Options[61]);
        Assert.Equal(17, offer.Options[97].Length);
        Assert.Equal(Answers.Server, offer.NextServer);
    }

    [Fact]
    public void An_answer_goes_to_the_card_where_it_can_and_to_all_where_it_must()
    {
        var question = DhcpMessage.Discover(Two);
        _answers.To(question);
        Assert.Equal(new Destination(UdpFrame.Everybody, 0, null), _answers.Last!.Value.To);
        question.Bytes[10] = 0;
        _answers.To(question);
        Assert.Equal(new Destination(Fixed.ToNumber(), 0, Answers.Mac(2)), _answers.Last!.Value.To);
    }

    [Fact]
    public void A_client_may_ask_for_less_time_and_for_no_more()
    {
        TimeSpan Asking(uint seconds)
        {
            var octets = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(octets, seconds);
            return _answers.To(DhcpMessage.Discover(Two with { More = DhcpMessage.Option(51, octets) }))!.Lease;
        }

        Assert.Equal(
            [TimeSpan.FromHours(1), TimeSpan.FromMinutes(2), TimeSpan.FromHours(24), TimeSpan.FromHours(24)],
            [Asking(3600), Asking(1), Asking(1_000_000), Asking(uint.MaxValue)]);
    }

    [Fact]
    public void A_lease_without_end_has_none()
    {
        var cluster = Answers.Cluster(Answers.Node(2, "10.88.0.10"));
        var answers = new Answers(cluster with { Network = cluster.Network with { Lease = Timeout.InfiniteTimeSpan } });
        var ack = answers.Take(2)!;
        Assert.Equal([0xff, 0xff, 0xff, 0xff], ack.Options[51]);
        Assert.DoesNotContain((byte)58, ack.Options.Keys);
        answers.Advance(TimeSpan.FromDays(10_000));
        Assert.Equal(Answers.Mac(2), answers.Leases.Find(Fixed));
    }

    [Fact]
    public void Strangers_that_are_ignored_and_the_doctor_get_no_answer()
    {
        var ignoring = new Answers(Answers.Cluster(Answers.Node(1)) with { UnknownNodes = UnknownNodes.Ignore });
        Assert.Null(ignoring.Offered(9));
        Assert.Null(ignoring.To(DhcpMessage.Reboot(Stranger, Foreign)));
        Assert.Null(_answers.To(DhcpMessage.Discover(new DhcpClient(MacAddress.Doctor, 0))));
        Assert.NotNull(ignoring.Offered(1));
    }

    [Fact]
    public void What_a_machine_sees_is_told_in_dnsmasqs_words()
    {
        _answers.Take(2);
        Assert.Equal(
            ["DHCPDISCOVER 0.0.0.0", $"DHCPOFFER {Fixed}", $"DHCPREQUEST {Fixed}", $"DHCPACK {Fixed} n2"],
            Told().Select(happened =>
                $"{happened.Type.Name()} {Ipv4.ToAddress(happened.Address)} {happened.Remark}".TrimEnd()));
    }

    [Fact]
    public void Of_an_answer_that_gives_no_address_the_clients_own_is_told()
    {
        _answers.To(DhcpMessage.Inform(Two, Fixed));
        _answers.To(DhcpMessage.Renew(Two, Foreign), Answers.Server);
        Assert.Equal(
            [$"DHCPINFORM {Fixed}", $"DHCPACK {Fixed}", $"DHCPREQUEST {Foreign}", $"DHCPNAK {Foreign}"],
            Told().Select(happened => $"{happened.Type.Name()} {Ipv4.ToAddress(happened.Address)}"));
    }

    /// <summary>By it is known that firmware asks, and of which architecture.</summary>
    [Fact]
    public void What_a_machine_calls_itself_is_told_where_it_asks_for_an_address_and_nowhere_else()
    {
        var firmware = Two with { Architecture = 7 };
        _answers.To(DhcpMessage.Discover(firmware));
        _answers.To(DhcpMessage.Take(firmware, Fixed, Answers.Server));
        _answers.To(DhcpMessage.Inform(firmware, Fixed));
        _answers.To(DhcpMessage.Decline(firmware, Fixed, Answers.Server));
        _answers.To(DhcpMessage.Release(firmware, Fixed, Answers.Server));
        Assert.Equal(
            [DhcpMessageType.Discover, DhcpMessageType.Request],
            Told().Where(happened => happened.VendorClass.StartsWith("PXEClient:Arch:00007", StringComparison.Ordinal))
                .Select(happened => happened.Type));
    }

    [Fact]
    public void An_answer_is_no_longer_than_its_client_can_take()
    {
        byte[] much = [.. Enumerable.Repeat((byte)'x', 250)];
        var asking = Two with { More = [.. DhcpMessage.Option(82, much), .. DhcpMessage.Option(61, much)] };
        var offer = _answers.To(DhcpMessage.Discover(asking))!;
        Assert.InRange(offer.Bytes.Length, 300, 548);
        Assert.Equal(much, offer.Options[82]);
        var larger = asking with { More = [.. asking.More, 57, 2, 5, 0xc0] };
        Assert.True(_answers.To(DhcpMessage.Discover(larger))!.Bytes.Length > 548);
    }

    [Fact]
    public void Options_in_the_fields_of_the_names_count_like_others()
    {
        var client = new DhcpClient(Answers.Mac(1), Architecture: 7, UserClass: "iPXE");
        var offer = _answers.To(DhcpMessage.Discover(client).WithOptionsInNames())!;
        Assert.Equal("http://10.88.0.1/start.ipxe", offer.File);
        Assert.Equal(17, offer.Options[97].Length);
        var take = DhcpMessage.Take(client, offer.YourAddress, Answers.Server).WithOptionsInNames();
        Assert.Equal((Ack, offer.YourAddress), (_answers.To(take)!.Type, _answers.To(take)!.YourAddress));
    }

    [Fact]
    public void An_option_in_several_pieces_is_one_also_where_a_field_of_a_name_has_the_rest()
    {
        byte[] first = [.. Enumerable.Repeat((byte)'a', 200)], second = [.. Enumerable.Repeat((byte)'b', 100)];
        var question = DhcpMessage.Discover(Two with
        {
            More = [.. DhcpMessage.Option(61, first), 52, 1, 1, .. DhcpMessage.Option(57, [5, 0xc0])],
        });
        DhcpMessage.Option(61, second).CopyTo(question.Bytes, 108);
        question.Bytes[108 + 102] = 255;
        DhcpReader.TryRead(question.Bytes, out var read);
        Assert.Equal([.. first, .. second], read.Option(61).ToArray());
        Assert.False(read.HasFile);
        Assert.Equal(Offer, _answers.To(question)!.Type);
    }

    [Fact]
    public void A_type_that_stands_there_twice_is_the_first()
    {
        Assert.Equal(Offer, _answers.To(DhcpMessage.Discover(Two with { More = DhcpMessage.Option(53, [3]) }))!.Type);
    }

    [Fact]
    public void By_BOOTP_a_node_has_its_fixed_address_and_nobody_another()
    {
        foreach (var hasOptions in new[] { true, false })
        {
            var answer = _answers.To(DhcpMessage.Bootp(Two, hasOptions))!;
            Assert.Equal((Fixed, 300), (answer.YourAddress, answer.Bytes.Length));
            Assert.DoesNotContain(answer.Options.Keys, code => code is 51 or 53 or 54 or 58 or 59);
            Assert.Equal(IPAddress.Parse("255.255.255.0").GetAddressBytes(), answer.Options[1]);
            Assert.Equal("n2"u8.ToArray(), answer.Options[12]);
            Assert.Null(_answers.To(DhcpMessage.Bootp(One, hasOptions)));
            Assert.Null(_answers.To(DhcpMessage.Bootp(Stranger, hasOptions)));
        }

        Assert.Empty(_answers.Leases.All);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 120 }, new byte[] { 3, 255, 255, (byte)'n', (byte)'2', (byte)'.' })]
    [InlineData(new byte[] { 1, 0, 0, 120 }, new byte[] { 1, 255, 255, (byte)'n', (byte)'2', (byte)'.' })]
    [InlineData(new byte[] { 0xfc, 0, 0, 1, 120, 0 }, new byte[] { 7, 255, 255, 2, (byte)'n', (byte)'2', 3 })]
    public void A_node_that_says_its_name_is_told_the_one_that_it_is_given(byte[] said, byte[] beginning)
    {
        var offer = _answers.To(DhcpMessage.Discover(Two with { More = DhcpMessage.Option(81, said) }))!;
        Assert.Equal(beginning, offer.Options[81][..beginning.Length]);
        Assert.Equal("n2.lab.test".Length + (beginning[0] == 7 ? 5 : 3), offer.Options[81].Length);
        var stranger = _answers.To(DhcpMessage.Discover(Stranger with { More = DhcpMessage.Option(81, said) }))!;
        Assert.DoesNotContain((byte)81, stranger.Options.Keys);
    }

    [Fact]
    public void What_is_kept_for_a_while_stays_at_a_change_of_the_description()
    {
        var offered = _answers.Offered(9)!;
        var declined = _answers.Take(8)!.YourAddress;
        _answers.To(DhcpMessage.Decline(new DhcpClient(Answers.Mac(8)), declined, Answers.Server));
        _answers.Take(2);
        _answers.To(DhcpMessage.Decline(Two, Fixed, Answers.Server));
        _answers.Describe(Answers.Cluster(Answers.Node(2, "10.88.0.10")));

        AssertRefused("address in use", DhcpMessage.Reboot(new DhcpClient(Answers.Mac(8)), declined));
        Assert.NotEqual(Fixed, _answers.Offered(2));
        for (var i = 0; i < 22; i++)
        {
            Assert.NotEqual(offered, _answers.Offered(100 + i));
        }

        Assert.Equal(Ack, _answers.To(DhcpMessage.Take(Stranger, offered, Answers.Server))!.Type);
        _answers.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(Ack, _answers.To(DhcpMessage.Reboot(new DhcpClient(Answers.Mac(8)), declined))!.Type);
    }

    [Fact]
    public void What_was_kept_for_nobody_any_more_is_not_kept_by_a_change_of_the_description()
    {
        var offered = _answers.Offered(9)!;
        _answers.To(DhcpMessage.Take(Stranger, offered, Foreign));
        _answers.Describe(Answers.Cluster(Answers.Node(1)));
        var wishing = new DhcpClient(Answers.Mac(8)) { More = DhcpMessage.Option(50, offered.GetAddressBytes()) };
        Assert.Equal(offered, _answers.To(DhcpMessage.Discover(wishing))!.YourAddress);
    }

    [Fact]
    public void Declined_addresses_of_pools_that_become_one_come_back_each_in_its_time()
    {
        var early = _answers.Take(9)!.YourAddress;
        _answers.To(DhcpMessage.Decline(Stranger, early, Answers.Server));
        _answers.Advance(TimeSpan.FromMinutes(5));
        var late = _answers.Take(1)!.YourAddress;
        _answers.To(DhcpMessage.Decline(One, late, Answers.Server));
        _answers.Describe(Answers.Cluster(Answers.Node(1)) with { UnknownNodes = UnknownNodes.Ignore });

        _answers.Advance(TimeSpan.FromMinutes(5));
        AssertRefused("address in use", DhcpMessage.Reboot(One, late));
        Assert.Equal(Ack, _answers.To(DhcpMessage.Reboot(One, early))!.Type);
    }

    [Fact]
    public void What_the_new_description_gives_to_others_is_kept_no_longer()
    {
        var offered = _answers.Offered(9)!;
        _answers.Describe(Answers.Cluster(Answers.Node(1, $"{offered}"), Answers.Node(2)));
        Assert.Equal(offered, _answers.Take(1)!.YourAddress);
        AssertRefused("address reserved", DhcpMessage.Take(Stranger, offered, Answers.Server));
    }

    [Fact]
    public void Nobody_is_told_of_a_loader_that_nobody_sends()
    {
        var firmware = new DhcpClient(Answers.Mac(1), Architecture: 7);
        _answers.HaveTftp(false);
        Assert.Null(_answers.To(DhcpMessage.Discover(firmware)));
        Assert.Null(_answers.To(DhcpMessage.Reboot(firmware, IPAddress.Parse("10.88.0.101"))));
        Assert.NotNull(_answers.To(DhcpMessage.Discover(firmware with { UserClass = "iPXE" })));
        Assert.NotNull(_answers.To(DhcpMessage.Discover(firmware with { VendorClass = "HTTPClient" })));
        Assert.NotNull(_answers.To(DhcpMessage.Discover(One)));
        _answers.HaveTftp(true);
        Assert.NotNull(_answers.To(DhcpMessage.Discover(firmware)));
    }

    [Fact]
    public void An_InfiniBand_card_gets_no_answer_and_is_told_of()
    {
        Assert.Null(_answers.To(DhcpMessage.DiscoverOfInfiniBand()));
        Assert.True(_answers.News.Events.TryRead(out var told) && told.Card == default);
    }

    private List<DhcpEvent> Told()
    {
        var told = new List<DhcpEvent>();
        while (_answers.News.Events.TryRead(out var happened))
        {
            told.Add(happened);
        }

        return told;
    }

    private void AssertRefused(string reason, DhcpMessage question)
    {
        var answer = _answers.To(question)!;
        Assert.Equal((Nak, reason), (answer.Type, answer.Reason));
    }

    private static uint Seconds(DhcpMessage message, byte option) =>
        BinaryPrimitives.ReadUInt32BigEndian(message.Options[option]);
}
