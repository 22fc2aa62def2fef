using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Tests.Inventory;

public sealed class IdentitiesTests
{
    private static readonly MacAddress First = Mac(1), Second = Mac(2), Card = Mac(7);
    private static readonly Guid Uuid = new("4c4c4544-0051-3010-8052-b4c04f4e3239");

    private readonly Identities _identities = new();

    [Fact]
    public void A_claimed_card_finds_the_machine_and_owns_nothing()
    {
        _identities.Learn(Record(First, NodeState.Running, Uuid, "S1", Card));
        Assert.Equal((First, null), (_identities.Of(Card), _identities.OwnerOf(Card)));
        Assert.Equal((First, First), (_identities.Find(Uuid), _identities.Find(SerialNumber.Parse("S1", null))));
    }

    [Fact]
    public void An_accepted_card_is_the_machines()
    {
        _identities.Learn(Record(First, NodeState.Running, Uuid, "S1") with { Cards = [Card] });
        Assert.Equal((First, First), (_identities.Of(Card), _identities.OwnerOf(Card)));
    }

    [Fact]
    public void A_machine_seen_by_its_own_card_beats_a_claim()
    {
        _identities.Learn(Record(First, NodeState.Running, Uuid, "S1", Card));
        _identities.Learn(Record(Card, NodeState.Discovered, null, null));
        Assert.Equal(Card, _identities.Of(Card));
    }

    [Fact]
    public void What_two_machines_show_identifies_neither_until_one_is_gone()
    {
        _identities.Learn(Record(First, NodeState.Running, Uuid, "S1", Card));
        _identities.Learn(Record(Second, NodeState.Running, Uuid, "S1", Card));
        Assert.Equal((null, null), (_identities.Find(Uuid), _identities.Find(SerialNumber.Parse("S1", null))));
        Assert.Equal(Card, _identities.Of(Card));

        _identities.Forget(Record(Second, NodeState.Running, Uuid, "S1", Card));
        Assert.Equal((First, First), (_identities.Find(Uuid), _identities.Of(Card)));
    }

    [Theory]
    [InlineData("03000200-0400-0500-0006-000700080009")]
    [InlineData("00020003-0004-0005-0006-000700080009")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff")]
    [InlineData("11111111-1111-1111-1111-111111111111")]
    public void A_vendors_filler_identifies_nobody(string filler)
    {
        _identities.Learn(Record(First, NodeState.Running, new Guid(filler), null));
        Assert.Null(_identities.Find(new Guid(filler)));
    }

    [Theory]
    [InlineData("123456789")]
    [InlineData("0")]
    [InlineData("Not Applicable")]
    [InlineData("O.E.M.")]
    [InlineData("-")]
    [InlineData("To Be Filled By O.E.M")]
    [InlineData("System Serial Number")]
    [InlineData("........")]
    [InlineData("XXXXXXXX")]
    [InlineData("0123456789")]
    [InlineData("Default string")]
    public void Nor_does_a_filler_of_a_serial_number(string filler) => Assert.False(SerialNumber.TryParse(filler, null, out _));

    [Theory]
    [InlineData("S1")]
    [InlineData("CN7475158K0123")]
    [InlineData("12345")]
    [InlineData("VMware-56 4d 12 67 a1")]
    public void A_serial_number_is_one(string serial) => Assert.True(SerialNumber.TryParse(serial, null, out _));

    private static NodeRecord Record(MacAddress mac, NodeState state, Guid? uuid, string? serial, params MacAddress[] claimed) =>
        new()
        {
            Mac = mac,
            State = state,
            Since = DateTimeOffset.UnixEpoch,
            Facts = new NodeFacts
            {
                Uuid = uuid,
                Serial = serial,
                Nics = [.. claimed.Prepend(mac).Select(card => new NicFacts("eth", card, Link: true))],
            },
        };

    private static MacAddress Mac(int number) => new(0x525400bb0000UL + (ulong)number);
}
