using System.CommandLine;
using System.Text;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Records;
using Microsoft.Win32.SafeHandles;

namespace Bootstrapper.Cli;

/// <summary>What is about to be done to several machines is told first, and done when somebody says so.</summary>
internal static class Confirmation
{
    private const int Input = 0, LongestAnswer = 64;

    public static readonly Option<bool> Yes = new("--yes", "-y")
    {
        Description = "Does not ask before it is done to several machines. Required where there is no terminal.",
    };

    /// <param name="what">What is about to be done, such as <c>These are switched off at once</c>.</param>
    /// <exception cref="ApiException">Nobody said yes.</exception>
    public static async Task DemandAsync(
        ParseResult parsed, string what, IReadOnlyList<NodeView> machines, CancellationToken cancellation)
    {
        if (parsed.GetValue(Yes) || NodeSelection.IsOneByName(parsed))
        {
            return;
        }

        var error = parsed.InvocationConfiguration.Error;
        error.WriteProse($"{what}: {Summary(machines)}");
        if (error != Console.Error || Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            throw new ApiException(ExitCode.Usage, "nothing was done: there is no terminal to ask at; --yes does it without");
        }

        await error.WriteAsync("Go on? [y/N] ");
        if (!(await AnswerAsync(cancellation)).Trim().StartsWith('y'))
        {
            throw new ApiException(ExitCode.Stopped, "nothing was done");
        }
    }

    /// <summary>Such as <c>3 machines (2 running, 1 failed): n1, n2, n3</c>.</summary>
    public static string Summary(IReadOnlyList<NodeView> machines)
    {
        var states = machines.CountBy(view => view.State).OrderByDescending(state => state.Value)
            .Select(state => $"{state.Value} {NodeLifecycle.Name(state.Key)}");
        return $"{machines.Count} {(machines.Count == 1 ? "machine" : "machines")} ({string.Join(", ", states)}): "
            + string.Join(", ", machines.Select(view => view.HostName));
    }

    /// <summary>Past .NET's console, as <see cref="Terminal"/> says why.</summary>
    private static async Task<string> AnswerAsync(CancellationToken cancellation)
    {
        // a read of a terminal cannot be called off; nothing else reads there, and the process ends soon
        var reading = Task.Run(
            () =>
            {
                using var input = new FileStream(new SafeFileHandle(Input, ownsHandle: false), FileAccess.Read, bufferSize: 0);
                var answer = new byte[LongestAnswer];
                return Encoding.UTF8.GetString(answer, 0, input.Read(answer));
            },
            cancellation);
        try
        {
            return await reading.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return "";
        }
    }
}
