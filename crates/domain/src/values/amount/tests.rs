//! Which texts are amounts, which are not, and how amounts are written.

use proptest::prelude::*;

use super::*;

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

#[test]
fn plain_decimals_are_read_and_written_without_trailing_zeros() {
    for (text, written) in [
        ("0", "0"),
        ("-0", "0"),
        ("0.000", "0"),
        ("899.890", "899.89"),
        ("1000", "1000"),
        ("1000.00", "1000"),
        ("00012.5", "12.5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("+5", "5"),
        ("-1.50", "-1.5"),
        ("0.00000001", "0.00000001"),
        (
            "99999999999999999999999999999999999999",
            "99999999999999999999999999999999999999",
        ),
        (
            "-0.0000000000000000000000000000000000001",
            "-0.0000000000000000000000000000000000001",
        ),
    ] {
        assert_eq!(amount(text).to_string(), written, "{text}");
    }
}

#[test]
fn everything_else_is_refused() {
    for text in [
        "", ".", "-", "+.", "abc", "NaN", "inf", "1e3", "1E-3", "1_000", "1,000", " 1", "1 ",
        "0x1", "--1", "1.2.3", "١", "1\0",
    ] {
        assert_eq!(
            Amount::parse(text),
            Err(AmountError::NotADecimal),
            "{text:?}"
        );
    }
    let digits_39 = "1".repeat(39);
    assert_eq!(Amount::parse(&digits_39), Err(AmountError::TooManyDigits));
    assert_eq!(
        Amount::parse(&format!("0.{}", "1".repeat(38))),
        Err(AmountError::TooManyDigits)
    );
}

#[test]
fn hostile_text_costs_nothing() {
    let hundred_kilobytes = "9".repeat(100_000);
    // Seconds each without the bound, so this would not end; microseconds with it.
    for _ in 0..1_000 {
        for text in ["1e10000000", "1e-10000000", hundred_kilobytes.as_str()] {
            assert!(Amount::parse(text).is_err());
        }
    }
}

#[test]
fn rounding_goes_half_away_from_zero() {
    for (text, precision, rounded) in [
        ("100.111", 2, "100.11"),
        ("0.005", 2, "0.01"),
        ("0.004999", 2, "0"),
        ("-0.005", 2, "-0.01"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("1.000000005", 8, "1.00000001"),
        ("7", 8, "7"),
    ] {
        assert_eq!(
            amount(text).round(precision),
            Ok(amount(rounded)),
            "{text} to {precision}"
        );
    }
}

#[test]
fn an_amount_fits_38_digits_with_all_its_decimals() {
    let digits_36 = amount(&"9".repeat(36));
    assert!(digits_36.round(2).is_ok());
    assert_eq!(digits_36.round(3), Err(AmountError::TooManyDigits));
    assert_eq!(
        digits_36
            .round(2)
            .unwrap()
            .checked_add(&amount("0.99"))
            .map(|_| ()),
        Some(())
    );
    assert_eq!(
        digits_36.round(2).unwrap().checked_add(&amount("1.00")),
        None
    );
    assert!(Amount::from_decimal("1E+37".parse().unwrap()).is_ok());
    assert_eq!(
        Amount::from_decimal("1E+38".parse().unwrap()),
        Err(AmountError::TooManyDigits)
    );
    assert_eq!(
        Amount::from_decimal("1E-1000000000".parse().unwrap()),
        Err(AmountError::TooManyDigits)
    );
}

proptest! {
    #[test]
    fn a_displayed_amount_parses_to_the_same_amount(
        units in any::<i128>(),
        precision in 0_i64..=18,
    ) {
        let value = BigDecimal::new((units / 10).into(), precision);
        let Ok(written) = Amount::from_decimal(value) else { return Ok(()) };
        prop_assert_eq!(Amount::parse(&written.to_string()).unwrap(), written);
    }

    #[test]
    fn adding_and_subtracting_again_changes_nothing(
        a in any::<i64>(),
        b in any::<i64>(),
        scale in 0_i64..=18,
    ) {
        let a = Amount::from_decimal(BigDecimal::new(a.into(), scale)).unwrap();
        let b = Amount::from_decimal(BigDecimal::new(b.into(), scale)).unwrap();
        prop_assert_eq!(a.checked_add(&b).unwrap().checked_sub(&b).unwrap(), a);
    }

    #[test]
    fn no_text_panics(text in ".{0,60}") {
        let _ = Amount::parse(&text);
    }
}
