using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Bootstrapper.Cli;

/// <summary>The commands. Each is a few lines over the same functions the daemon uses.</summary>
internal static class CommandLine
{
    /// <summary>
    /// How long a command that was asked to stop may take: longer than the host gives its services. System.CommandLine's own
    /// two seconds are over before a child that hangs has been killed, and the other one stopped.
    /// </summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(30);

    /// <returns>An <see cref="ExitCode"/>; whoever misused a command was told how it is used.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, InvocationConfiguration configuration)
    {
        configuration.ProcessTerminationTimeout = StopGrace;
        configuration.EnableDefaultExceptionHandler = false; // it prints a stack alone, and says 1
        var root = Create();
        var parsed = root.Parse(EnvironmentOptions.Complete(
            arguments, root.Parse(arguments), Environment.GetEnvironmentVariable));
        switch (parsed.Action)
        {
            case HelpAction help:
                help.MaxWidth = OutputFormat.IsTerminal(configuration.Output) ? Terminal.Width : int.MaxValue;
                HelpTexts.Prepare(parsed.CommandResult.Command);
                break;
            case ParseErrorAction:
            case not null when UsageError.Stray(parsed) is not null:
                UsageError.Write(parsed, configuration.Error);
                return ExitCode.Usage;
            case not null when UsageError.Empty(parsed) is { } name:
                UsageError.Write(
                    parsed, $"{name} is empty: give it a value (is a variable of the shell not set?)", configuration.Error);
                return ExitCode.Usage;
        }

        return await InvokeAsync(parsed, configuration);
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, InvocationConfiguration configuration)
    {
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Stopped;
        }
        catch (IOException e)
        {
            await configuration.Error.WriteLineAsync($"error: {e.Message}"); // such as a full disk, where the output goes
            return ExitCode.InputOutput;
        }
#pragma warning disable CA1031 // Whatever it is: a line first, and then what helps whoever looks for the fault.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await configuration.Error.WriteLineAsync(
                $"error: the bootstrapper itself is at fault: {e.GetType().Name}: {e.Message}; report it with what follows");
            await configuration.Error.WriteLineAsync(e.StackTrace);
            return ExitCode.Software;
        }
    }

    public static RootCommand Create()
    {
        var root = new RootCommand("""
            Turns a rack of blank machines into an installed Kubernetes cluster, offline.

            Write cluster-desc.yml into the data root, check it with 'bootstrapper check', start 'bootstrapper serve'
            and switch the machines on. Every option can also be given in the
            environment: by the variable that stands beside it, --bsroot by BOOTSTRAPPER_BSROOT; where none stands
            there, by one with the command in its name, 'node list --state' by BOOTSTRAPPER_NODE_LIST_STATE, a
            switch with the value true. The command line overrides the environment.

            Exit codes (sysexits.h): 0 success; 64 wrong usage; 65 the description or a template is invalid;
            66 a file or machine does not exist; 69 a port or the data root is in use, a release is not available, the
            server does not answer, or a part is not ready; 70 internal error; 74 input or output failed; 75 not yet;
            77 not allowed; 78 the certificates are invalid.
            """)
        {
            ServeCommand.Create(),
            CheckCommand.Create(),
            PlanCommand.Create(),
            PlanCommand.CreateDiff(),
            ApplyCommand.Create(),
            DoctorCommand.Create(),
            RehearseCommand.Create(),
            FetchCommand.Create(),
            BundleCommand.Create(),
            BackupCommand.Create(),
            StatusCommand.Create(),
            UnknownCommand.Create(),
            RenderCommand.Create(),
            NodeCommand.Create(),
            ClusterCommand.Profiles(),
            ClusterCommand.Leases(),
            ClusterCommand.Create(),
            KubernetesCommand.Create(),
            EventsCommand.Create(),
            AuditCommand.Create(),
            KubeconfigCommand.Create(),
            PkiCommand.Create(),
            SecureBootCommand.Create(),
            RegistryCommand.Create(),
            SchemaCommand.Create(),
            CompletionCommand.Create(),
            VersionCommand.Create(),
        };
        root.Options.OfType<VersionOption>().Single().Action = new VersionCommand.Telling();
        ServeCommand.MakeDefault(root);
        return root;
    }
}
