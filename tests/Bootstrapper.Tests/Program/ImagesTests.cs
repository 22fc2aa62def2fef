using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bootstrapper.Cli;
using Bootstrapper.InForce;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>What the built program does with container images, by itself and when it is asked to.</summary>
public sealed class ImagesTests : RackTests
{
    private const int Images = 8, ImageSize = 10_000_000;

    private const string Registry = "bootstrapper:5000";

    [RackFact]
    public async Task Killed_in_the_middle_of_loading_it_leaves_nobody_behind_and_has_all_images_after_the_next_start()
    {
        Rack.Describe([new RackNode(1)]);
        for (var image = 1; image <= Images; image++)
        {
            OciImage.WriteLayout(InImages($"image-{image}"), "1", RandomNumberGenerator.GetBytes(ImageSize));
        }

        await using (var first = RunningProgram.Start(Rack))
        {
            await Eventually.True(() => Tags() > 0);
            await first.KillAsync();
            await NothingIsLeftAsync(first.ChildPids());
        }

        Assert.InRange(Tags(), 1, Images - 1);
        await using var second = await StartAsync();
        await second.SaysAsync($"All {Images} container images of the archives are in the registry");
        Assert.False(Directory.Exists(Rack.Bsroot.Scratch(Bsroot.PreloadScratch)));
        for (var image = 1; image <= Images; image++)
        {
            Assert.Equal(0, (await PullAsync($"image-{image}:1")).ExitCode);
        }
    }

    [RackFact]
    public async Task What_a_registry_that_was_killed_left_half_written_is_brought_again()
    {
        Rack.Describe([new RackNode(1)]);
        OciImage.WriteLayout(InImages("image"), "1", [1]);
        await using (var first = await StartAsync())
        {
            await first.KillAsync();
            await NothingIsLeftAsync(first.ChildPids());
        }

        Assert.All(WrittenInPlace(), file => File.WriteAllText(file, ""));
        await using var second = await StartAsync();
        Assert.Equal(0, (await PullAsync("image:1")).ExitCode);
        Assert.Contains(second.Lines, line => line.Contains("The registry was killed while it wrote", StringComparison.Ordinal));
    }

    [RackFact]
    public async Task An_archive_that_is_added_later_is_loaded_and_a_broken_one_is_shown_until_it_is_gone()
    {
        Rack.Describe([new RackNode(1)]);
        await using var program = await StartAsync();
        OciImage.WriteLayout(InImages("late"), "1", [1]);
        await program.SaysAsync($"{Registry}/late:1 copied from late");

        Bsroot.Write(InImages("broken.tar"), "no archive");
        await program.NotReadyAsync();
        Assert.Contains(
            "broken.tar: it is not a tar file, or is cut off", await program.WholeReadinessAsync(), StringComparison.Ordinal);
        var told = await program.ReadinessAsync();
        Assert.Contains("problems: 1; the log and operators are told which", told, StringComparison.Ordinal);
        Assert.DoesNotContain("broken.tar", told, StringComparison.Ordinal);
        File.Delete(InImages("broken.tar"));
        await program.ReadyAsync();
    }

    [RackFact]
    public async Task Until_an_image_is_here_nodes_are_told_its_tag_and_its_part_is_degraded()
    {
        Rack.Describe([new RackNode(1)]);
        await using var program = await StartAsync();
        var images = SnapshotLoader.Load(Rack.Bsroot, Rack.Bsroot.Description).Snapshot!.ImagesByTag;
        Assert.Contains(
            $"{images.Count} that nodes will ask for are missing", await program.ReadinessAsync(), StringComparison.Ordinal);
        Assert.Equal("degraded", await StateAsync());

        foreach (var image in images)
        {
            OciImage.WriteLayout(InImages(image.Repository.Replace('/', '-')), $"{image}", [1]);
        }

        await Eventually.True(async () => await StateAsync() == "ready");
        Assert.Contains(
            $"{images.Count} of {images.Count} are in the registry", await program.ReadinessAsync(), StringComparison.Ordinal);

        async Task<string> StateAsync()
        {
            using var parts = JsonDocument.Parse(await program.ReadinessAsync());
            var part = parts.RootElement.GetProperty("parts").EnumerateArray()
                .Single(part => part.GetProperty("name").GetString() == "images");
            return part.GetProperty("degraded").GetBoolean() ? "degraded"
                : part.GetProperty("ready").GetBoolean() ? "ready" : "not ready";
        }
    }

    [RackFact]
    public async Task While_garbage_is_collected_images_can_be_pulled_and_not_pushed()
    {
        Rack.Describe([new RackNode(1)]);
        using var elsewhere = new TemporaryDirectory();
        var command = Rack.Server.Command(RunningProgram.FileName, "serve", "--bsroot", Rack.Bsroot.Root);
        command.Environment["PATH"] = $"{CollectorThatWaits(elsewhere)}:{command.Environment["PATH"]}";
        await using var program = RunningProgram.Start(Rack, command);
        await program.ReadyAsync();
        Assert.Equal(0, (await PushAsync("first")).ExitCode);
        Assert.Equal(0, (await PushAsync("second")).ExitCode);

        var collecting = CollectAsync();
        await Eventually.True(() => File.Exists(Path.Combine(elsewhere.Path, "collecting")));
        Assert.Equal(0, (await PullAsync("image:1")).ExitCode);
        Assert.NotEqual(0, (await PushAsync("third")).ExitCode);
        elsewhere.Write("go-on", "");

        var (exitCode, output) = await collecting;
        Assert.Equal(
            (ExitCode.Success, true), (exitCode, output.Contains("3 blobs, 1 of the manifests", StringComparison.Ordinal)));
        Assert.Equal(0, (await PushAsync("third")).ExitCode);
    }

    [RackFact]
    public async Task Killed_while_it_collects_garbage_it_takes_pushes_again_after_the_next_start()
    {
        Rack.Describe([new RackNode(1)]);
        using var elsewhere = new TemporaryDirectory();
        var command = Rack.Server.Command(RunningProgram.FileName, "serve", "--bsroot", Rack.Bsroot.Root);
        command.Environment["PATH"] = $"{CollectorThatWaits(elsewhere)}:{command.Environment["PATH"]}";
        await using var first = RunningProgram.Start(Rack, command);
        await first.ReadyAsync();
        Assert.Equal(0, (await PushAsync("first")).ExitCode);
        var collecting = CollectAsync();
        await Eventually.True(() => File.Exists(Path.Combine(elsewhere.Path, "collecting")));
        await first.KillAsync();

        await using var second = await StartAsync();

        var (exitCode, output) = await collecting;
        Assert.Equal((ExitCode.Unavailable, true), (exitCode, output.Contains("does not answer", StringComparison.Ordinal)));
        Assert.Equal(0, (await PushAsync("second")).ExitCode);
    }

    [RackFact]
    public async Task Without_a_running_bootstrapper_nobody_collects()
    {
        Rack.Describe([new RackNode(1)]);
        await using (await StartAsync())
        {
            // It makes what the command finds in a data root, and ends.
        }

        var (exitCode, output) = await CollectAsync();
        Assert.Equal(ExitCode.Unavailable, exitCode);
        Assert.Contains("does not answer", output, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output)> CollectAsync()
    {
        var gc = await Tool.RunAsync(
            Rack.Server.Command(RunningProgram.FileName, "registry", "gc", "--bsroot", Rack.Bsroot.Root));
        return (gc.ExitCode, gc.Output + gc.Errors);
    }

    /// <summary>A docker-registry that says when it begins to collect, and waits until it may.</summary>
    /// <returns>The directory that it is in.</returns>
    private static string CollectorThatWaits(TemporaryDirectory directory)
    {
        var program = directory.Write("docker-registry", $"""
            #!/bin/sh
            if [ "$1" = garbage-collect ]; then
                : > {directory.Path}/collecting
                until [ -e {directory.Path}/go-on ]; do sleep 0.1; done
            fi
            exec /usr/bin/docker-registry "$@"

            """);
        // the registry runs as a user of its own
        const UnixFileMode forAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(program, forAll);
        File.SetUnixFileMode(directory.Path, forAll);
        return directory.Path;
    }

    private async Task<Tool> PushAsync(string content)
    {
        using var layout = new TemporaryDirectory();
        using var trusted = Trusted();
        OciImage.WriteLayout(layout.Path, name: null, Encoding.UTF8.GetBytes(content));
        return await SkopeoAsync(
            "copy",
            "--dest-creds",
            $"admin:{(await File.ReadAllTextAsync(Rack.Bsroot.AdminToken, Cancellation)).Trim()}",
            "--dest-cert-dir",
            trusted.Path,
            $"oci:{layout.Path}",
            $"docker://{Registry}/image:1");
    }

    private async Task<Tool> PullAsync(string name)
    {
        using var copy = new TemporaryDirectory();
        using var trusted = Trusted();
        return await SkopeoAsync("copy", "--src-cert-dir", trusted.Path, $"docker://{Registry}/{name}", $"dir:{copy.Path}");
    }

    private TemporaryDirectory Trusted()
    {
        var directory = new TemporaryDirectory();
        directory.Write("ca.crt", File.ReadAllText(Rack.Bsroot.CaCertificate));
        return directory;
    }

    private Task<Tool> SkopeoAsync(params IEnumerable<string> arguments) =>
        Tool.RunAsync(Rack.Machines.Command("skopeo", ["--insecure-policy", .. arguments]));

    private string InImages(string name) => Path.Combine(Rack.Bsroot.Images, name);

    /// <summary>Links and manifests; layers and configs come by a rename.</summary>
    private IEnumerable<string> WrittenInPlace() =>
    [
        .. Directory.EnumerateFiles(Rack.Bsroot.RegistryStorage, "link", SearchOption.AllDirectories),
        .. Directory.EnumerateFiles(Rack.Bsroot.RegistryStorage, "data", SearchOption.AllDirectories)
            .Where(blob => File.ReadAllText(blob).Contains("schemaVersion", StringComparison.Ordinal)),
    ];

    private int Tags() => Directory.Exists(Rack.Bsroot.RegistryStorage)
        ? Directory.EnumerateDirectories(Rack.Bsroot.RegistryStorage, "current", SearchOption.AllDirectories).Count()
        : 0;
}
