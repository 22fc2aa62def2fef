using Bootstrapper.Cluster;
using Bootstrapper.Images.Releases;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Images;

/// <summary>Which of a release's files machines cannot do without. None is there.</summary>
public sealed class ReleaseOverviewTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>Those that nobody planned boot as the cluster says, whatever its nodes say.</summary>
    [Theory]
    [InlineData(false, false, "image.bin.bz2")]
    [InlineData(true, false, "pxe.vmlinuz")]
    [InlineData(true, true, "image.bin.bz2")]
    public void A_live_system_is_missed_where_some_machine_boots_it(bool discovers, bool all, string missing)
    {
        var cluster = Sample.Cluster(Sample.Node() with { SecureBoot = SecureBoot.Shim }) with
        {
            UnknownNodes = discovers ? UnknownNodes.Discover : UnknownNodes.Ignore,
            SecureBoot = all ? SecureBoot.Shim : SecureBoot.Off,
        };
        var warning = Assert.Single(ReleaseOverview.Warnings(cluster, new Bsroot(_directory.Path)));
        Assert.Contains($"/flatcar_production_{missing} is missing", warning.Message, StringComparison.Ordinal);
    }
}
