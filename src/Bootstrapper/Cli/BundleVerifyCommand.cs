using System.CommandLine;
using Bootstrapper.Bundles;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper bundle verify FILE [--key PUBLIC] [--allow-unsigned] [--against FIRST.tar]…</c></summary>
internal static class BundleVerifyCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A bundle." };
        var against = new Option<string[]>("--against")
        {
            HelpName = "FIRST.tar",
            Description = "Of an increment: the bundle that it was made against, and those before; may be repeated.",
        };
        var bsroot = CommonOptions.DataRoot();
        var key = BundleCommand.PublicKey("Its maker's key; default: those in the data root's bundle-keys/.");
        var unsigned = BundleCommand.AllowUnsigned();
        var command = new Command("verify", """
            Reads a bundle from end to end, and needs nothing but the file and its maker's public key.

            Every file is there and has its digest, and all that any configuration of any node names is among
            them. What is not is named, with the nodes that need it. Exit code 65 then, or if it is not
            signed with a key that you trust.
            """) { file, key, unsigned, against, bsroot };
        command.SetAction((parsed, cancellation) => BundleFailure.GuardAsync(parsed.InvocationConfiguration.Error, () => RunAsync(
            parsed.GetRequiredValue(file),
            BundleTrust.Of(parsed.Bsroot(bsroot), parsed.GetValue(key), parsed.GetValue(unsigned)),
            parsed.GetValue(against) ?? [],
            parsed.InvocationConfiguration.Output,
            cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(
        string file, BundleTrust trust, string[] against, TextWriter output, CancellationToken cancellation)
    {
        using var archive = BundleArchive.At(file);
        var signer = await trust.RequireAsync(archive, cancellation);
        var bases = against.Select(BundleArchive.At).ToList();
        try
        {
            var problems = await ProgressDisplay.ShowAsync(
                output,
                progress => new BundleCheck(archive, bases, progress).RunAsync(cancellation));
            if (problems.Count > 0)
            {
                throw new BundleException(problems);
            }
        }
        finally
        {
            bases.ForEach(first => first.Dispose());
        }

        var manifest = archive.Manifest();
        await output.WriteLineAsync(
            $"{file} is whole and {signer.Text}: {manifest.Files.Count} files, "
                + $"made by {manifest.MadeBy} with {manifest.Program}, "
                + $"manifest {manifest.Identity()}; nothing is missing for {string.Join(", ", manifest.Nodes.Take(10))}");
        return ExitCode.Success;
    }
}
