using Bootstrapper.Boot;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Services;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

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

    [Fact]
    public async Task Who_reads_a_file_is_told_of_it_also_where_what_followed_it_failed()
    {
        var refuses = true;
        using var activation = new Activation(
            _daemon.Bsroot,
            _daemon.Current,
            _daemon.Part<Authorities>(),
            _daemon.Part<FrontLeaf>(),
            _daemon.Part<RegistryLeaf>(),
            _daemon.Part<LocalInterfaces>(),
            _daemon.Part<DhcpTurn>(),
            writeBootFiles: _ => { },
            removeOtherBootFiles: Remove,
            NullLogger<Activation>.Instance);
        await Assert.ThrowsAsync<IOException>(() => activation.ActivateAsync(Next("other.example"), Cancellation));

        refuses = false;
        var result = await activation.ActivateAsync(Next("other.example"), Cancellation);
        Assert.Contains(DnsmasqConf.ConfPath, result.ChangedPaths);
        result = await activation.ActivateAsync(Next("other.example"), Cancellation);
        Assert.Empty(result.ChangedPaths);

        void Remove(Snapshot inForce)
        {
            if (refuses)
            {
                throw new IOException("a boot file cannot be removed");
            }
        }
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
