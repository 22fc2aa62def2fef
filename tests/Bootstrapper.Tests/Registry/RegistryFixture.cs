using System.Net;
using System.Net.Sockets;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Pki;
using Bootstrapper.Registry;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Services;
using Bootstrapper.Tests.Supervision;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Registry;

/// <summary>A data root, and a real registry that serves from it over TLS with a certificate of our own.</summary>
public abstract class RegistryFixture : IAsyncLifetime
{
    private static readonly TimeSpan LongestTest = TimeSpan.FromMinutes(10);

    private readonly TemporaryDirectory _directory = new();
    private readonly TemporaryDirectory _elsewhere = new();
    private readonly CancellationTokenSource _ended = new();
    private Task _registry = Task.CompletedTask;

    private protected RegistryFixture()
    {
        Bsroot = new Bsroot(_directory.Path);
        Cluster = Sample.Cluster() with { Ports = new Ports(Registry: FreePort()) };
        new FrontLeaf(Bsroot, Authorities.Open(Bsroot, TimeProvider.System), TimeProvider.System).Ensure(Cluster);
        Client = new RegistryClient(new IPEndPoint(Cluster.Bootstrapper, Cluster.Ports.Registry), Bsroot.CaCertificate);
    }

    private protected Bsroot Bsroot { get; }

    private protected ClusterDescription Cluster { get; }

    private protected RegistryClient Client { get; }

    private protected RecordingLoggers Loggers { get; } = new();

    /// <summary>Where images lie before a test brings them into the data root.</summary>
    private protected string Elsewhere => _elsewhere.Path;

    private protected string Server => $"{Cluster.Bootstrapper}:{Cluster.Ports.Registry}";

    /// <summary>Directory with our root, as skopeo's options for certificates take it.</summary>
    private protected string Certificates => Path.Combine(Elsewhere, "certificates");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Bsroot.Images);
        Directory.CreateDirectory(Certificates);
        File.Copy(Bsroot.CaCertificate, Path.Combine(Certificates, "ca.crt"));
        var conf = RegistryConf.Render(Cluster, Bsroot, TemplateSet.BuiltIn());
        ArtifactWriter.Write(Bsroot, [conf]);
        _registry = new ProgramRun("docker-registry", ["serve", Bsroot.RegistryConf], LongestTest).RunAsync(_ended.Token);
        while (!await Client.AnswersAsync(TestContext.Current.CancellationToken))
        {
            Assert.False(_registry.IsCompleted, "the registry does not run");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _registry.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
        Client.Dispose();
        Loggers.Dispose();
        _directory.Dispose();
        _elsewhere.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static Task<ProgramResult> SkopeoAsync(params string[] arguments) =>
        RunAsync("skopeo", ["--insecure-policy", .. arguments]);

    private protected static async Task<ProgramResult> RunAsync(string program, params string[] arguments)
    {
        var result = await new ProgramRun(program, arguments, LongestTest).RunAsync(TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result;
    }

    /// <summary>An image of its own, as an OCI layout outside the data root.</summary>
    private protected string Layout(string content, string name = "image:1", string mediaType = OciImage.OciManifest)
    {
        var directory = Path.Combine(Elsewhere, Path.GetRandomFileName());
        OciImage.WriteLayout(directory, name, Encoding.UTF8.GetBytes(content), mediaType);
        return directory;
    }

    private protected string InImages(string name) => Path.Combine(Bsroot.Images, name);

    private protected async Task<bool> HasAsync(string image) => await FindAsync(image) is not null;

    private protected Task<Manifest?> FindAsync(string image) =>
        Client.FindAsync(ImageReference.Parse($"{Server}/{image}"), TestContext.Current.CancellationToken);

    private protected static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
