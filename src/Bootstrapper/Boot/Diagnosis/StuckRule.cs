namespace Bootstrapper.Boot.Diagnosis;

/// <summary>One way in which machines get stuck.</summary>
/// <param name="Name">Such as <c>no-offer</c>, by which docs and alerts call it.</param>
/// <param name="Explain">Why; <c>null</c> when it is not this.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record StuckRule(string Name, Func<Situation, Explanation?> Explain, string Remedy);

/// <summary>Why a machine is stuck, in a sentence.</summary>
/// <param name="Cause">What is the same for every machine with this fault.</param>
/// <param name="Detail">Follows it: what this machine alone has, such as a time.</param>
internal sealed record Explanation(string Cause, string Detail = "");

/// <summary>Why a machine is stuck.</summary>
/// <param name="Rule">The name of the rule that says so.</param>
/// <param name="Cause">The part of the reason that is the same for every machine with this fault: no times.</param>
internal sealed record StuckReason(string Rule, string Cause, string Reason, string Remedy)
{
    public static StuckReason Of(StuckRule rule, Explanation why) =>
        new(rule.Name, why.Cause, why.Cause + why.Detail, rule.Remedy);
}
