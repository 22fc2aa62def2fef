using System.CommandLine;
using System.Globalization;
using Bootstrapper.Bundles;
using Bootstrapper.Host;
using Bootstrapper.Signing;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper bundle create OUT.tar [--key SECRET] [--against FIRST.tar] [--image FILE]</c></summary>
internal static class BundleCreateCommand
{
    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var output = new Argument<string>("OUT.tar") { Description = "The file to write." };
        var against = new Option<string?>("--against")
        {
            HelpName = "FIRST.tar",
            Description = "Leave out what this bundle holds: the receiver already has it.",
        };
        var image = CommonOptions.WithoutDefault("--image", "FILE", "The program's container image, "
            + "as 'docker save' writes it; default: bootstrapper.tar in the data root, if it is there.");
        var key = new Option<string?>("--key")
        {
            HelpName = "SECRET",
            Description = "Sign it with this OpenPGP secret key, mode 0600, as 'gpg --export-secret-keys' writes it; "
                + "the passphrase, if there is one, stands in the file beside it that ends in .passphrase.",
        };
        var command = new Command("create", """
            Puts releases, boot loaders, container images, binaries, templates and the description into one file.

            Everything is rendered for every node first, and each URL, path and image that it names must be there;
            what is missing is listed with what needs it. Private keys, certificates and the inventory stay here.
            Exit code 65 if something is missing: then nothing is written.
            """) { output, key, against, image, bsroot };
        command.SetAction((parsed, cancellation) => BundleFailure.GuardAsync(parsed.InvocationConfiguration.Error, () => RunAsync(
            parsed.Bsroot(bsroot),
            new Arguments(
                Path.GetFullPath(parsed.GetRequiredValue(output)),
                parsed.GetValue(key) is { } file ? Path.GetFullPath(file) : null,
                parsed.GetValue(against),
                parsed.GetValue(image)),
            parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(
        Bsroot bsroot, Arguments request, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var (snapshot, exitCode) = ProblemReport.Load(bsroot, bsroot.Description, error);
        if (snapshot is null)
        {
            return exitCode;
        }

        if (request.Image is { } image)
        {
            NamedFile.Require(image, $"docker/release.sh --save {image} writes it");
        }

        var key = request.Key is null ? null : BundleKey.Read(request.Key, bsroot);
        using var against = request.Against is { } first ? BundleArchive.At(first) : null;
        var content = DataRootContent.Of(bsroot, snapshot.Cluster, request.Image);
        if (key is null)
        {
            await error.WriteLineAsync("warning: the bundle is not signed, so that only --allow-unsigned loads it: use --key");
        }

        if (!content.Files.Contains(BundlePath.Program, StringComparer.Ordinal))
        {
            await error.WriteLineAsync($"warning: the program's own container image is not in it: docker/release.sh --save "
                + $"{bsroot.At(BundlePath.Program)} puts it there");
        }

        var manifest = await ProgressDisplay.ShowAsync(
            output,
            progress => new BundleCreation(content, against, SignerOf(key), progress).RunAsync(request.Output, cancellation));
        await output.WriteLineAsync(Summary(request.Output, manifest));
        return ExitCode.Success;
    }

    private static Func<byte[], byte[]>? SignerOf(SecretKey? key) =>
        key is null ? null : manifest => key.Sign(manifest, TimeProvider.System.GetUtcNow());

    private static string Summary(string file, BundleManifest manifest)
    {
        var inside = manifest.Files.Where(entry => !entry.InBase).ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{file}: {inside.Count} files, {inside.Sum(entry => entry.Size) / 1e6:F1} MB, manifest {manifest.Identity()}; "
                + $"nothing is missing for {manifest.Nodes.Count} nodes");
    }

    private sealed record Arguments(string Output, string? Key, string? Against, string? Image);
}
