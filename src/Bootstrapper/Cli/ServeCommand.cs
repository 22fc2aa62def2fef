using System.CommandLine;
using System.Net.Sockets;
using Bootstrapper.Cluster;
using Bootstrapper.Http;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;
using Microsoft.AspNetCore.Connections;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper serve</c>, the command when none is named.</summary>
internal static class ServeCommand
{
    private static readonly Option<string> DataRoot = CommonOptions.DataRoot();

    private static readonly WordOption LogFormat = new("--log-format", "How log lines are written to standard output.", "text", "json");

    private static readonly WordOption LogLevel = new("--log-level", "Least level that is logged.", "information", "debug", "warning", "error");

    public static Command Create()
    {
        var command = new Command("serve", """
            Runs DHCP, TFTP, DNS, the registry and the web server until it is told to stop.

            Edit cluster-desc.yml while it runs: what is right is in force within two seconds, what is wrong
            changes nothing and is shown in the log and at /readyz. SIGTERM stops it and its children.
            """);
        MakeDefault(command);
        return command;
    }

    /// <summary>Gives a command this one's options and action.</summary>
    public static void MakeDefault(Command command)
    {
        foreach (var option in new Option[] { DataRoot, LogFormat, LogLevel })
        {
            command.Options.Add(option);
        }

        command.SetAction(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var error = parsed.InvocationConfiguration.Error;
        if ((LogFormat.Objection(parsed) ?? LogLevel.Objection(parsed)) is { } objection)
        {
            await error.WriteLineAsync(objection);
            return ExitCode.Usage;
        }

        var bsroot = parsed.Bsroot(DataRoot);
        var (first, exitCode) = ProblemReport.Load(bsroot, bsroot.Description, error, cluster => [.. HostRules.Check(cluster, LocalInterface.All()), .. KubernetesPrograms.Missing(cluster, bsroot)]);
        return first is null ? exitCode : await RunAsync(parsed, bsroot, first, error, cancellation);
    }

    private static async Task<int> RunAsync(ParseResult parsed, Bsroot bsroot, Snapshot first, TextWriter error, CancellationToken cancellation)
    {
        await using var log = Logging.Create(parsed.GetRequiredValue(LogFormat), parsed.GetRequiredValue(LogLevel));
        var options = new DaemonOptions(bsroot, log);
        try
        {
            using var ours = bsroot.Take();
            await using var app = await Daemon.BuildAsync(options, first, cancellation);
            await app.RunAsync(cancellation);
            return ExitCode.Success;
        }
        catch (Exception e) when (cancellation.IsCancellationRequested && IsCancellation(e))
        {
            return ExitCode.Success; // asked to stop before it had started
        }
        catch (DescriptionException e)
        {
            ProblemReport.Print(e.Problems, bsroot.Description, error);
            return ExitCode.InvalidInput;
        }
        catch (PkiException e)
        {
            await error.WriteLineAsync($"error: {e.Message}");
            return ExitCode.Configuration;
        }
        catch (Exception e) when (e is SocketException or { InnerException: AddressInUseException })
        {
            await error.WriteLineAsync($"error: cannot listen on {first.Cluster.Bootstrapper} ({Listeners.PortsOf(first.Cluster)}): {e.Message}");
            return ExitCode.Unavailable;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"error: {e.Message}");
            return e is BsrootTakenException ? ExitCode.Unavailable : ExitCode.InputOutput;
        }
    }

    /// <summary>The host gathers what its services threw when several were starting.</summary>
    private static bool IsCancellation(Exception e) =>
        e is OperationCanceledException || (e is AggregateException several && several.InnerExceptions.All(IsCancellation));
}
