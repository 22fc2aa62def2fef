using System.Security.Cryptography;
using Bootstrapper.Cli;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Registry;

/// <summary>What only the whole program shows.</summary>
[Trait("Category", "Slow")]
public sealed class ServingDaemonTests : IDisposable
{
    private const int Images = 8, ImageSize = 10_000_000;

    private readonly TemporaryDirectory _directory = new();
    private readonly TemporaryDirectory _elsewhere = new();

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose()
    {
        _directory.Dispose();
        _elsewhere.Dispose();
    }

    [RegistryFact]
    public async Task Killed_in_the_middle_of_loading_it_leaves_nobody_behind_and_has_all_images_after_the_next_start()
    {
        for (var image = 1; image <= Images; image++)
        {
            TestImage.WriteLayout(Path.Combine(Bsroot.Images, $"image-{image}"), "1", RandomNumberGenerator.GetBytes(ImageSize));
        }

        using (var first = new ServingDaemon(Bsroot))
        {
            await Eventually.True(() => Tags() > 0);
            first.Kill();
        }

        Assert.InRange(Tags(), 1, Images - 1);
        await Eventually.True(() => !AnyoneWorksIn(_directory.Path));

        using var second = new ServingDaemon(Bsroot);
        await Eventually.True(() => second.Said($"All {Images} container images of the archives are in the registry"));
        Assert.False(Directory.Exists(Bsroot.Scratch("preload")));
        Assert.Contains($"{Images} of {Images} are in the registry", System.Text.Encoding.UTF8.GetString((await second.RunAsync("curl", "-s", $"http://{ServingDaemon.Address}/readyz")).Output), StringComparison.Ordinal);
        for (var image = 1; image <= Images; image++)
        {
            Assert.Equal(0, (await PullAsync(second, $"image-{image}:1")).ExitCode);
        }
    }

    [RegistryFact]
    public async Task An_archive_that_is_added_later_is_loaded()
    {
        using var daemon = new ServingDaemon(Bsroot);
        await Eventually.True(() => daemon.Said("registry answers"));
        TestImage.WriteLayout(Path.Combine(Bsroot.Images, "late"), "1", [1]);
        await Eventually.True(() => daemon.Said("bootstrapper:5000/late:1 copied from late"));
    }

    [RegistryFact]
    public async Task While_garbage_is_collected_images_can_be_pulled_and_not_pushed()
    {
        using var daemon = new ServingDaemon(Bsroot, CollectorThatWaits());
        await Eventually.True(() => daemon.Said("dnsmasq answers"));
        await PushAsync(daemon, "first");
        await PushAsync(daemon, "second");

        var collecting = CollectAsync();
        await Eventually.True(() => File.Exists(At("collecting")));
        Assert.Equal(0, (await PullAsync(daemon, "image:1")).ExitCode);
        Assert.NotEqual(0, (await PushAsync(daemon, "third")).ExitCode);
        await File.WriteAllTextAsync(At("go on"), "", TestContext.Current.CancellationToken);

        var (exitCode, output) = await collecting;
        Assert.Equal((ExitCode.Success, true), (exitCode, output.Contains("3 blobs, 1 of the manifests", StringComparison.Ordinal)));
        Assert.Equal(0, (await PushAsync(daemon, "third")).ExitCode);
    }

    [Fact]
    public async Task Without_a_running_bootstrapper_nobody_collects()
    {
        var (exitCode, output) = await CollectAsync();
        Assert.Equal(ExitCode.Unavailable, exitCode);
        Assert.Contains("no bootstrapper runs on this data root", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Bsroot.GarbageRequest));
    }

    private async Task<(int ExitCode, string Output)> CollectAsync()
    {
        var output = new StringWriter();
        var exitCode = await CommandLine.Create().Parse(["registry", "gc", "--bsroot", Bsroot.Root])
            .InvokeAsync(new() { Output = output, Error = output }, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString());
    }

    /// <summary>A docker-registry that says when it begins to collect, and waits until it may.</summary>
    /// <returns>The directory that it is in.</returns>
    private string CollectorThatWaits()
    {
        var program = _elsewhere.Write("docker-registry", $"""
            #!/bin/sh
            if [ "$1" = garbage-collect ]; then
                : > '{At("collecting")}'
                until [ -e '{At("go on")}' ]; do sleep 0.1; done
            fi
            exec /usr/bin/docker-registry "$@"

            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return _elsewhere.Path;
    }

    private Task<Bootstrapper.Registry.OneShotResult> PushAsync(ServingDaemon daemon, string content)
    {
        var layout = At(content);
        TestImage.WriteLayout(layout, name: null, System.Text.Encoding.UTF8.GetBytes(content));
        return daemon.RunAsync("skopeo", "--insecure-policy", "copy", "--dest-cert-dir", Certificates(), $"oci:{layout}", $"docker://{ServingDaemon.Registry}/image:1");
    }

    private Task<Bootstrapper.Registry.OneShotResult> PullAsync(ServingDaemon daemon, string name) =>
        daemon.RunAsync("skopeo", "--insecure-policy", "copy", "--src-cert-dir", Certificates(), $"docker://{ServingDaemon.Registry}/{name}", $"dir:{At(Path.GetRandomFileName())}");

    private string Certificates()
    {
        var directory = Directory.CreateDirectory(At("certificates")).FullName;
        File.Copy(Bsroot.CaCertificate, Path.Combine(directory, "ca.crt"), overwrite: true);
        return directory;
    }

    private string At(string name) => Path.Combine(_elsewhere.Path, name);

    private int Tags() => Directory.Exists(Bsroot.RegistryStorage)
        ? Directory.EnumerateDirectories(Bsroot.RegistryStorage, "current", SearchOption.AllDirectories).Count()
        : 0;

    /// <summary>Whether a process has the directory in its command line.</summary>
    private static bool AnyoneWorksIn(string directory) =>
        Directory.EnumerateDirectories("/proc").Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0])).Any(process => CommandLineOf(process).Contains(directory, StringComparison.Ordinal));

    private static string CommandLineOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            return ""; // it ended meanwhile
        }
    }
}
