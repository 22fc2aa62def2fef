using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Http;
using Bootstrapper.Http.Metrics;
using Bootstrapper.InForce;
using Bootstrapper.Pki;
using Microsoft.AspNetCore.Connections;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper serve</c>, the command when none is named.</summary>
internal static class ServeCommand
{
    private static readonly Option<string> DataRoot = CommonOptions.DataRoot();

    private static readonly Option<string?> Description = CommonOptions.Description();

    private static readonly WordOption LogFormat =
        new("--log-format", "How log lines are written to standard output.", "text", "json");

    private static readonly WordOption LogLevel =
        new("--log-level", "Lowest level that is logged.", "information", "debug", "warning", "error");

    public static Command Create()
    {
        var command = new Command("serve", """
            Runs DHCP, TFTP, DNS, the registry and the web server until it is told to stop.

            Edit cluster-desc.yml while it runs: a valid file is in force within two seconds, an invalid one changes
            nothing and is shown in the log and at /readyz. SIGHUP reads it again. SIGTERM stops it and its children.
            """);
        MakeDefault(command);
        return command;
    }

    /// <summary>Gives a command this one's options and action.</summary>
    public static void MakeDefault(Command command)
    {
        foreach (var option in new Option[] { DataRoot, Description, LogFormat, LogLevel })
        {
            command.Options.Add(option);
        }

        command.SetAction(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var error = parsed.InvocationConfiguration.Error;
        var format = parsed.GetRequiredValue(LogFormat);
        var otel = OtelVariables.OfEnvironment();
        var objection = LogFormat.Objection(parsed) ?? LogLevel.Objection(parsed) ?? otel.Objection();
        if (objection is not null && format != Logging.Json)
        {
            UsageError.Write(parsed, objection, error);
            return ExitCode.Usage;
        }

        var log = Logging.Create(format, objection is null ? parsed.GetRequiredValue(LogLevel) : "information");
        try
        {
            var bsroot = CommonOptions.Described(parsed.Bsroot(DataRoot), parsed.GetValue(Description));
            foreach (var remark in Remarks(bsroot))
            {
                log.Warning("{Remark:l}", remark);
            }

            var errors = new StartErrors(error, format == Logging.Json ? log : null, bsroot.Description);
            return objection is not null ? Refuse(objection, ExitCode.Usage, errors)
                : ConnectionLimits.Objection(ConnectionLimits.Descriptors()) is { } tooFew
                    ? Refuse(tooFew, ExitCode.Unavailable, errors)
                : await RunAsync(new DaemonOptions(bsroot, log) { Otel = otel }, errors, cancellation);
        }
        finally
        {
            await Logging.CloseAsync(log);
        }
    }

    /// <summary>What works, and not as somebody may think.</summary>
    private static IEnumerable<string> Remarks(Bsroot bsroot) =>
    [
        .. Bootcfg.Remarks(Environment.GetEnvironmentVariables().Keys.Cast<string>()),
        .. Container.IsHere && Container.WarningOf(bsroot.Root, Mounts.Now()) is { } warning
            ? [warning]
            : Array.Empty<string>(),
    ];

    private static int Refuse(string objection, int exitCode, StartErrors errors)
    {
        errors.Say(objection);
        return exitCode;
    }

    private static async Task<int> RunAsync(DaemonOptions options, StartErrors errors, CancellationToken cancellation)
    {
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => Reread(signal, options.Reread));
        var bsroot = options.Bsroot;
        Bsroot? applied;
        try
        {
            applied = new AppliedFiles(bsroot).Root;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse(e.Message, ExitCode.MissingInput, errors);
        }

        var (first, exitCode) = ProblemReport.LoadToServe(
            applied ?? bsroot,
            errors.Say,
            fault => options.Log.Debug(fault, "The description cannot be used"),
            cluster =>
            [
                .. HostRules.Check(cluster, LocalInterface.All(), LocalRoute.All(), Container.IsHere),
                .. KubernetesPrograms.Missing(cluster, bsroot),
            ]);
        if (first is null && applied is not null)
        {
            errors.Say($"this is what was applied last (reload: manual): to start with {bsroot.Description} in its place, "
                + $"remove {bsroot.Applied}");
        }

        return first is null ? exitCode : await RunAsync(options, first, errors, cancellation);
    }

    private static async Task<int> RunAsync(
        DaemonOptions options, Snapshot first, StartErrors errors, CancellationToken cancellation)
    {
        try
        {
            using var ours = options.Bsroot.Take();
            Listeners.RequireFree(first.Cluster);
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
            e.Problems.ToList().ForEach(errors.Say);
            return ExitCode.InvalidInput;
        }
        catch (PkiException e)
        {
            errors.Say(e.Message);
            return ExitCode.Configuration;
        }
        catch (Exception e) when (e is SocketException or { InnerException: AddressInUseException })
        {
            errors.Say($"cannot listen on {first.Cluster.Bootstrapper} ({Listeners.PortsOf(first.Cluster)}): {e.Message}");
            return ExitCode.Unavailable;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Say(e.Message);
            return e is BsrootTakenException ? ExitCode.Unavailable : ExitCode.InputOutput;
        }
#pragma warning disable CA1031 // Whatever else it is, the bootstrapper is at fault, and its log is where people look.
        catch (Exception e)
#pragma warning restore CA1031
        {
            options.Log.Fatal(e, "The bootstrapper ends: internal error");
            return ExitCode.Software;
        }
    }

    /// <summary>What the signal does by default, ending the program, it does not.</summary>
    private static void Reread(PosixSignalContext signal, RereadRequest request)
    {
        signal.Cancel = true;
        request.Ask();
    }

    /// <summary>The host gathers what its services threw when several were starting.</summary>
    private static bool IsCancellation(Exception e) =>
        e is OperationCanceledException || (e is AggregateException several && several.InnerExceptions.All(IsCancellation));
}
