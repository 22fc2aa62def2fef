using System.CommandLine;
using Bootstrapper.InForce;
using Bootstrapper.Model;
using Bootstrapper.Registry;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper fetch images [--update] [--arch ARCH] [--cert-dir DIR]</c></summary>
internal static class FetchImagesCommand
{
    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var architecture = CommonOptions.WithDefault(
            "--arch", "ARCH", "Processor architecture of the machines: amd64, arm64.", fallback: "amd64");
        var certificates = CommonOptions.WithoutDefault(
            "--cert-dir", "DIR", "Directory with roots (*.crt) to trust besides the system's, for registries of your own.");
        var update = new Option<bool>("--update")
        {
            Description = "Resolve each tag again, instead of fetching what images.lock.json says.",
        };
        var command = new Command("images", """
            Downloads the container images that the description names and the Kubernetes release needs.

            They are kept in images/upstream, an OCI image layout, and loaded into the registry by 'serve'. What is
            there already is not downloaded again. images/images.lock.json records each image's digest. Proxies
            are taken from HTTP_PROXY, HTTPS_PROXY and NO_PROXY, passwords from where skopeo looks for them.
            Exit code 69 if an image could not be downloaded; the others are there then.
            """) { bsroot, architecture, update, certificates };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.Bsroot(bsroot),
            new FetchOptions(
                parsed.GetRequiredValue(architecture),
                parsed.GetValue(update),
                parsed.GetValue(certificates) is { } directory ? Path.GetFullPath(directory) : null),
            parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        Bsroot bsroot, FetchOptions options, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var (snapshot, exitCode) = ProblemReport.Load(bsroot, bsroot.Description, error);
        if (snapshot is null)
        {
            return exitCode;
        }

        foreach (var part in ContainerImages.Unknown(snapshot.Cluster))
        {
            await error.WriteLineAsync($"error: images.{part}: no image is known for Kubernetes "
                + $"{snapshot.Cluster.Kubernetes.Version}: name it in the description");
        }

        var complete = await FetchAsync(bsroot, options, snapshot, output, error, cancellation);
        return complete != ExitCode.Success || ContainerImages.Unknown(snapshot.Cluster).Count == 0
            ? complete
            : ExitCode.InvalidInput;
    }

    private static async Task<int> FetchAsync(
        Bsroot bsroot,
        FetchOptions options,
        Snapshot snapshot,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellation)
    {
        var ours = Urls.Registry(snapshot.Cluster);
        var images = ContainerImages.Of(snapshot.Cluster).Select(image => image.Upstream)
            .Distinct().Where(image => image.Registry != ours).ToList();
        var synchronized = TextWriter.Synchronized(output);
        try
        {
            var fetch = new ImageFetch(bsroot, options, image => synchronized.WriteLine(Line(image)));
            return await fetch.RunAsync(images, cancellation) ? ExitCode.Success : ExitCode.Unavailable;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await error.WriteLineAsync($"error: {e.Message}");
            return ExitCode.InputOutput;
        }
    }

    private static string Line(FetchedImage image) => image switch
    {
        { Problem: { } problem } => $"failed   {image.Image}: {problem}",
        { IsNew: true } => $"fetched  {image.Image} {image.Digest}",
        _ => $"present  {image.Image} {image.Digest}",
    };
}
