namespace Bootstrapper.Power;

/// <summary>A BMC did not do what it was asked for.</summary>
/// <param name="message">Which BMC, why, and what to do; on one line, and without a secret.</param>
internal sealed class PowerException(PowerFailure failure, string message) : Exception(message)
{
    public PowerFailure Failure { get; } = failure;
}

internal enum PowerFailure
{
    /// <summary>The description does not say how to speak to it, or a file that it names is no good.</summary>
    NotDescribed,

    /// <summary>It answered, and does not let us in.</summary>
    NotLetIn,

    /// <summary>It answered, and refused something else.</summary>
    Refused,

    /// <summary>It did not answer, or not in time.</summary>
    Silent,

    /// <summary>Others are spoken to, and were for as long as there was patience.</summary>
    Busy,

    /// <summary>Of a console: somebody else has it.</summary>
    Taken,

    /// <summary>The audit trail could not be told of it, and so it was not done.</summary>
    Unrecorded,

    /// <summary>The order was taken, or may have been, and nobody saw that it was carried out.</summary>
    Unproven,
}
