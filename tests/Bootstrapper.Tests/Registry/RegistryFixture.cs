using System.Net;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Registry;
using Bootstrapper.Registry.Tokens;
using Bootstrapper.Tests.Supervision;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Registry;

/// <summary>
/// The program without its children, and a real registry that serves from its data root: over TLS with a certificate of our own,
/// to whoever brings a token of the program's. Machines may push.
/// </summary>
public abstract class RegistryFixture : IAsyncLifetime
{
    private static readonly TimeSpan LongestTest = TimeSpan.FromMinutes(10);

    private readonly TemporaryDirectory _elsewhere = new();
    private readonly CancellationTokenSource _ended = new();
    private Task _registry = Task.CompletedTask;
    private TestDaemon _daemon = null!;

    private protected Bsroot Bsroot => _daemon.Bsroot;

    private protected ClusterDescription Cluster => _daemon.Current.Value.Cluster;

    private protected RegistryClient Client { get; private set; } = null!;

    private protected ProgramPassword Password => _daemon.Part<ProgramPassword>();

    private protected RecordingLoggers Loggers { get; } = new();

    /// <summary>Where images lie before a test brings them into the data root.</summary>
    private protected string Elsewhere => _elsewhere.Path;

    private protected string Server => $"{Cluster.Bootstrapper}:{Cluster.Ports.Registry}";

    /// <summary>Directory with our root, as skopeo's options for certificates take it.</summary>
    private protected string Certificates => Path.Combine(Elsewhere, "certificates");

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(Sample.Cluster() with { RegistryPush = RegistryPush.Open });
        Client = Speaking(_daemon.Part<RegistryTokens>());
        Directory.CreateDirectory(Bsroot.Images);
        Directory.CreateDirectory(Certificates);
        File.Copy(Bsroot.CaCertificate, Path.Combine(Certificates, "ca.crt"));
        _registry = new ProgramRun("docker-registry", ["serve", Bsroot.RegistryConf], LongestTest).RunAsync(_ended.Token);
        while (!await Client.AnswersAsync(TestContext.Current.CancellationToken))
        {
            Assert.False(_registry.IsCompleted, "the registry does not run");
        }
    }

    private protected RegistryClient Speaking(RegistryTokens tokens) =>
        new(new IPEndPoint(Cluster.Bootstrapper, Cluster.Ports.Registry), Bsroot.CaCertificate, tokens);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _registry.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
        Client.Dispose();
        Loggers.Dispose();
        await _daemon.DisposeAsync();
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
}
