using System.Threading.Channels;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;

namespace Bootstrapper.Supervision;

/// <summary>What operators want to be put into force, one after the other.</summary>
internal sealed class ApplyRequests
{
    private readonly Channel<ApplyRequest> _waiting = Channel.CreateUnbounded<ApplyRequest>();

    /// <summary>There is another one.</summary>
    public event Action? Asked;

    /// <returns>When it is in force, or why it is not.</returns>
    public Task<Applied> ApplyAsync(ApplyRequest request)
    {
        _waiting.Writer.TryWrite(request);
        Asked?.Invoke();
        return request.Done.Task;
    }

    public ApplyRequest? Take() => _waiting.Reader.TryRead(out var request) ? request : null;
}

/// <param name="Text">Takes the place of the description on disk; <c>null</c> for that one.</param>
/// <param name="Accept">
/// Is given what is in force and what would be; returns why it must not be. After it, it is tried: who asked and why is on the
/// audit trail by then.
/// </param>
internal sealed record ApplyRequest(string? Text, Func<Snapshot, Snapshot, string?> Accept)
{
    public TaskCompletionSource<Applied> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <param name="Problems">What is wrong with the description, or to be known of it.</param>
internal sealed record Applied(IReadOnlyList<Problem> Problems)
{
    /// <summary>Why it was not tried; <c>null</c> where it was.</summary>
    public string? Refusal { get; private init; }

    /// <summary>What is wrong with the bootstrapper, such as a full disk; <c>null</c> for nothing.</summary>
    public string? Failure { get; private init; }

    public static Applied Refused(string why) => new([]) { Refusal = why };

    public static Applied Failed(string why) => new([]) { Failure = why };

    /// <summary>It is the one that counts, and in force as soon as the bootstrapper is started again.</summary>
    public bool AwaitsRestart { get; init; }

    public bool IsInForce => !AwaitsRestart && IsApplied;

    /// <summary>Now, or as soon as the bootstrapper is started again.</summary>
    public bool IsApplied => AwaitsRestart
        || (Refusal is null && Failure is null && Problems.All(problem => problem.Severity != Severity.Error));
}
