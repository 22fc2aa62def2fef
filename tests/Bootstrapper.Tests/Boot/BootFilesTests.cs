using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Matchbox;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bootstrapper.Tests.Boot;

/// <summary>Of which description boot files are written while a new one is put into force, and after.</summary>
public sealed class BootFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Bsroot _bsroot;
    private readonly CurrentSnapshot _current;
    private readonly BootFiles _files;

    public BootFilesTests()
    {
        _bsroot = new Bsroot(_directory.Path);
        _current = new CurrentSnapshot(Of(port: 8001));
        var time = TimeProvider.System;
        var attempts = new BootAttempts(new Timeline([], time), time, NullLogger<BootAttempts>.Instance);
        _files = new BootFiles(_bsroot, _current, new BootOrders(attempts, new MachineFit(_bsroot), new CurrentMatchbox()));
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void They_are_of_the_next_description_before_it_is_in_force_and_then_of_whichever_is()
    {
        var next = Of(port: 8002);
        _files.Follow(next);
        Assert.Contains(":8002/", Written(), StringComparison.Ordinal);

        _current.Replace(next);
        _files.Follow(next);
        _current.Replace(Of(port: 8003));
        Assert.Contains(":8003/", Written(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_given_up_is_followed_no_more()
    {
        _files.Follow(Of(port: 8002));
        _files.Follow(_current.Value);
        Assert.Contains(":8001/", Written(), StringComparison.Ordinal);
    }

    private Snapshot Of(int port) =>
        new(Sample.Cluster(Sample.Node(1)) with { Ports = new Ports(port, 8443, 5000) }, _bsroot, TemplateSet.Of([]));

    private string Written()
    {
        var node = Sample.Node(1);
        _files.Write(node, NodeRecord.New(node, DateTimeOffset.UnixEpoch));
        return File.ReadAllText(_bsroot.At(Bsroot.PxelinuxFile(node.Mac)));
    }
}
