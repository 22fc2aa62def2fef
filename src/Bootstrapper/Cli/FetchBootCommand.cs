using System.CommandLine;
using Bootstrapper.Images;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper fetch boot</c></summary>
internal static class FetchBootCommand
{
    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var command = new Command("boot", """
            Copies the boot loaders of this machine's Debian packages to tftpboot/, and records their versions.

            Needs no network. A file that you added or changed yourself is not touched.
            """) { bsroot };
        command.SetAction(parsed =>
            Run(parsed.Bsroot(bsroot), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(Bsroot bsroot, TextWriter output, TextWriter error)
    {
        try
        {
            foreach (var loader in BootLoaders.Install(bsroot))
            {
                output.WriteLine($"tftpboot/{loader.Name}: {loader.Outcome}");
            }
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"error: {refusal.Message}");
            return ExitCode.InputOutput;
        }

        var missing = BootLoaders.Missing(bsroot);
        missing.ToList().ForEach(loader => error.WriteLine($"error: {loader}"));
        return missing.Count == 0 ? ExitCode.Success : ExitCode.MissingInput;
    }
}
