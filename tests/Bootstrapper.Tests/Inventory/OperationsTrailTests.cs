using System.Globalization;
using System.Net;
using Bootstrapper.Inventory.Audit;

namespace Bootstrapper.Tests.Inventory;

/// <summary>What is done to no machine, and told beforehand.</summary>
public sealed class OperationsTrailTests : IAsyncDisposable
{
    private static readonly Author Mallory = Author.Operator("mallory"), Alice = Author.Operator("alice");
    private static readonly Author Machine = Author.Machine(IPAddress.Parse("10.0.0.9"));

    private readonly InventoryFixture _fixture = new();
    private readonly OperationsTrail _trail;

    public OperationsTrailTests() => _trail = new OperationsTrail(_fixture.Audit, _fixture.Clock);

    private string Journal => Path.Combine(_fixture.Bsroot.Inventory, ".git", "bootstrapper");

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public void Who_does_many_things_hides_no_other_operator_and_keeps_their_own_name()
    {
        foreach (var who in new[] { Mallory, Machine })
        {
            for (var kind = 0; kind < OperationsTrail.MostKinds + 4; kind++)
            {
                _trail.NoteFolded(who, string.Create(CultureInfo.InvariantCulture, $"registry: may push a/{kind}"), "10.0.0.9");
            }
        }

        _trail.NoteFolded(Alice, "registry: may delete b", "10.0.0.1");

        var told = Told();
        Assert.Equal((2 * (OperationsTrail.MostKinds + 3)) + 1, told.Count);
        Assert.Equal(("alice", "registry: may delete b", "from 10.0.0.1"), told[^1]);
        foreach (var who in new[] { Mallory, Machine })
        {
            Assert.Equal(
                [
                    ("registry: may push a/199", "from 10.0.0.9"),
                    ("operations of many kinds", "from many addresses"),
                    ("operations of many kinds, 2 times", "from many addresses"),
                    ("operations of many kinds, 4 times", "from many addresses"),
                ],
                told.Where(entry => entry.Name == who.Name).TakeLast(4).Select(entry => (entry.Title, entry.Reason)));
        }
    }

    [Fact]
    public void What_cannot_be_told_is_refused_and_does_not_count()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Journal)!);
        File.WriteAllText(Journal, "in the way");
        Assert.ThrowsAny<IOException>(() => _trail.Note(Alice, "registry: garbage collection", "10.0.0.1"));
        for (var again = 0; again < 3; again++)
        {
            Assert.ThrowsAny<IOException>(() => _trail.NoteFolded(Alice, "registry: may push a", "10.0.0.1"));
        }

        File.Delete(Journal);
        _trail.NoteFolded(Alice, "registry: may push a", "10.0.0.1");
        Assert.Equal([("alice", "registry: may push a", "from 10.0.0.1")], Told());
    }

    /// <summary>What is in the journal, which survives a kill.</summary>
    private List<(string Name, string Title, string Reason)> Told() =>
    [
        .. new AuditBatch(Path.Combine(Journal, "pending"), Head: "").Read()
            .Select(commit => (commit.By.Name, commit.Title, commit.Reason)),
    ];
}
