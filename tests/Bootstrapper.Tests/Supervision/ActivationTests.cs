using Bootstrapper.Boot;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Supervision;

/// <summary>A snapshot that is put into force while something in the data root is in the way.</summary>
public sealed class ActivationTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1)));

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    [Fact]
    public async Task What_somebody_else_put_beside_the_boot_files_and_cannot_be_read_stops_nothing()
    {
        var link = _daemon.Bsroot.At(Bsroot.PxelinuxFile(Sample.Node(9).Mac));
        File.CreateSymbolicLink(link, "/nowhere/at/all");
        Directory.CreateDirectory(_daemon.Bsroot.At(Bsroot.PxelinuxFile(Sample.Node(8).Mac)));

        await _daemon.Part<Activation>().ActivateAsync(Next("k8s.example"), Cancellation);
        _daemon.Part<BootFiles>().RemoveOthers([]);
        Assert.Equal("k8s.example", _daemon.Current.Value.Cluster.DomainName);
        Assert.Equal("/nowhere/at/all", new FileInfo(link).LinkTarget);
    }

    [Fact]
    public async Task The_registry_is_told_of_its_new_certificate_also_after_a_try_that_failed()
    {
        var activation = _daemon.Part<Activation>();
        var inTheWay = Directory.CreateDirectory(_daemon.Bsroot.At(Bsroot.PxelinuxFile(Sample.Node(2).Mac)));
        await Assert.ThrowsAnyAsync<Exception>(() => activation.ActivateAsync(Next("other.example"), Cancellation));
        Assert.NotEqual("other.example", _daemon.Current.Value.Cluster.DomainName);

        inTheWay.Delete();
        var result = await activation.ActivateAsync(Next("other.example"), Cancellation);
        Assert.Contains(Activation.RegistryCertificatePath, result.ChangedPaths);
        result = await activation.ActivateAsync(Next("other.example"), Cancellation);
        Assert.Empty(result.ChangedPaths);
    }

    private Snapshot Next(string domain)
    {
        var cluster = Sample.Cluster(Sample.Node(1), Sample.Node(2)) with
        {
            DomainName = domain,
            DockerDomain = $"bootstrapper.{domain}",
            Ports = _daemon.Current.Value.Cluster.Ports,
        };
        return new Snapshot(cluster, _daemon.Bsroot, TemplateSet.Of(TemplateFiles.In(_daemon.Bsroot, cluster)));
    }
}
